/* A button that copies the link to the provision under the pointer or in focus. */
document.addEventListener("DOMContentLoaded", () => {
  const draft = document.querySelector(".draft[data-copy]");
  if (!draft || !navigator.clipboard) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-outline-secondary btn-sm copy-link";
  button.setAttribute("aria-live", "polite");
  button.textContent = draft.dataset.copy;
  let link = null;
  const offer = (event) => {
    const tools = event.target.closest?.(".provision")?.querySelector(":scope > .provision-tools");
    const anchor = tools?.querySelector(".anchor");
    if (!anchor || anchor === link) return;
    link = anchor;
    button.textContent = draft.dataset.copy;
    tools.append(button);
  };
  draft.addEventListener("pointerover", offer);
  draft.addEventListener("focusin", offer);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(new URL(draft.dataset.url + link.hash, location.href).href);
    button.textContent = draft.dataset.copied;
  });
});

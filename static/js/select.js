/* Selecting words inside one provision offers a form that quotes exactly them. */
document.addEventListener("DOMContentLoaded", () => {
  const draft = document.querySelector(".draft[data-quote]:not([data-quote=''])");
  if (!draft) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-primary btn-sm quote-here";
  button.textContent = draft.dataset.quote;
  button.hidden = true;
  let provision = null;
  let quote = "";
  const look = () => {
    const selection = getSelection();
    const inside = (node) => (node?.nodeType === 1 ? node : node?.parentElement)?.closest("p, td, th, h3, h4, h5, h6")?.closest(".provision");
    provision = selection.isCollapsed ? null : inside(selection.anchorNode);
    quote = selection.toString().trim();
    const usable = provision && provision === inside(selection.focusNode) && draft.contains(provision)
      && quote && quote.length <= 2000 && !selection.anchorNode.parentElement.closest("form");
    button.hidden = !usable;
    // Right behind the words: the next Tab reaches it, and no positions are computed.
    if (usable) provision.querySelector(".provision-tools").append(button);
  };
  document.addEventListener("selectionchange", look);
  button.addEventListener("mousedown", (event) => event.preventDefault()); // keep the selection
  button.addEventListener("click", () => {
    const link = provision?.querySelector("a.write");
    button.hidden = true;
    link?.dispatchEvent(new CustomEvent("consult:write", { bubbles: true, detail: quote }));
  });
});

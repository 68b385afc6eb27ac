/* Opens the form of a point under its provision; without this script the link is a page of its own. */
(() => {
  const open = (link, passage) => {
    const provision = link.closest(".provision");
    if (!provision || !globalThis.htmx) return false;
    document.querySelector(".write-here")?.remove();
    const place = document.createElement("div");
    place.className = "write-here";
    provision.append(place);
    // Another passage is another point: what was being written here is offered, not filled in.
    const address = link.href + (passage ? "&fresh=1" : "");
    htmx.ajax("GET", address, { target: place, swap: "innerHTML" }).then(() => {
      const form = place.querySelector("form");
      if (!form) { location.href = link.href; return; }
      if (passage) {
        form.elements.quote.value = passage.quote;
        form.elements.before.value = passage.before;
        form.querySelector(".quote-box").open = true;
      }
      place.scrollIntoView({ block: "nearest" });
      form.querySelector("input[type=radio]:checked, input[type=radio]")?.focus();
      form.querySelector("[data-close-form]")?.addEventListener("click", () => {
        place.remove();
        link.focus();
      });
    });
    return true;
  };
  document.addEventListener("click", (event) => {
    const start = event.target.closest?.("[data-start]");
    if (start) {
      // The draft's words, or the quoted ones, as what one changes; never over words already typed.
      event.preventDefault();
      const { proposed_wording: wording, quote } = start.form.elements;
      if (!wording.value) wording.value = quote.value || start.dataset.start;
      wording.dispatchEvent(new Event("input", { bubbles: true }));
      wording.focus();
      return;
    }
    const link = event.target.closest?.("a.write");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    if (open(link)) event.preventDefault();
  });
  document.addEventListener("consult:write", (event) => open(event.target, event.detail));
})();

/* Opens the form of a point under its provision; without this script the link is a page of its own. */
(() => {
  const open = (link, quote) => {
    const provision = link.closest(".provision");
    if (!provision || !globalThis.htmx) return false;
    document.querySelector(".write-here")?.remove();
    const place = document.createElement("div");
    place.className = "write-here";
    provision.append(place);
    htmx.ajax("GET", link.href, { target: place, swap: "innerHTML" }).then(() => {
      const form = place.querySelector("form");
      if (!form) { location.href = link.href; return; }
      if (quote) {
        form.elements.quote.value = quote;
        form.querySelector(".quote-box").open = true;
      }
      place.scrollIntoView({ block: "nearest" });
      form.querySelector("input[type=radio]")?.focus();
      form.querySelector("[data-close-form]")?.addEventListener("click", () => {
        place.remove();
        link.focus();
      });
    });
    return true;
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.write");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    if (open(link)) event.preventDefault();
  });
  document.addEventListener("consult:write", (event) => open(event.target, event.detail));
})();

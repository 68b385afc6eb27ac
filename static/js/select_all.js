// A box that ticks all boxes of one name on the page, with a count of what is ticked.
(() => {
  const boxes = (all) => document.querySelectorAll(`input[type=checkbox][name="${all.dataset.selectAll}"]`);
  const count = (all) => {
    const ticked = [...boxes(all)].filter((box) => box.checked).length;
    all.checked = ticked > 0 && ticked === boxes(all).length;
    all.indeterminate = ticked > 0 && !all.checked;
    for (const place of document.querySelectorAll("[data-select-count]")) place.textContent = ticked ? `(${ticked})` : "";
  };
  document.addEventListener("DOMContentLoaded", () => {
    for (const all of document.querySelectorAll("[data-select-all]")) {
      all.closest("[hidden]")?.removeAttribute("hidden");
      all.addEventListener("change", () => {
        for (const box of boxes(all)) box.checked = all.checked;
        count(all);
      });
      document.addEventListener("change", (event) => {
        if (event.target.name === all.dataset.selectAll) count(all);
      });
      count(all);
    }
  });
})();

/* Selecting words of a provision offers, beside them, a form that quotes exactly them. */
document.addEventListener("DOMContentLoaded", () => {
  const draft = document.querySelector(".draft[data-quote]:not([data-quote=''])");
  if (!draft) return;
  const box = document.createElement("div");
  const button = document.createElement("button");
  const remark = document.createElement("span");
  button.type = "button";
  button.className = "btn btn-primary btn-sm";
  button.textContent = draft.dataset.quote;
  remark.setAttribute("role", "status");
  box.className = "quote-here";
  box.hidden = true;
  box.append(button, remark);
  let passage = null;
  const home = (node) => {
    const element = node?.nodeType === 1 ? node : node?.parentElement;
    return element?.closest(".provision-tools, form, .quote-here") ? null : element?.closest(".provision");
  };
  const look = () => {
    const selection = getSelection();
    const range = selection.isCollapsed || !selection.rangeCount ? null : selection.getRangeAt(0).cloneRange();
    const provision = range && home(range.startContainer);
    passage = null;
    if (provision && draft.contains(provision)) {
      // The provision's own words end where its tools begin.
      const words = document.createRange();
      words.selectNodeContents(provision);
      words.setEndBefore(provision.querySelector(".provision-tools"));
      const last = home(range.endContainer);
      const across = last && last !== provision;
      if (range.compareBoundaryPoints(Range.END_TO_END, words) > 0) range.setEnd(words.endContainer, words.endOffset);
      words.setEnd(range.startContainer, range.startOffset);
      const quote = (across ? range : selection).toString().trim();
      if (quote) passage = { provision, quote, before: words.toString().slice(-80) };
      remark.textContent = across
        ? draft.dataset.quoteAcross.replace("#", provision.querySelector(".anchor")?.textContent ?? "") : "";
    }
    if (!passage) { box.hidden = true; return; }
    // In the provision, so that the next Tab reaches it; on a touch screen below the handles.
    provision.insertBefore(box, provision.querySelector(".provision-tools"));
    box.hidden = false;
    const rects = range.getClientRects();
    const end = rects[rects.length - 1] ?? range.getBoundingClientRect();
    const here = provision.getBoundingClientRect();
    const gap = matchMedia("(pointer: coarse)").matches ? 34 : 6;
    box.style.top = `${end.bottom - here.top + gap}px`;
    box.style.setProperty("--at", `${Math.max(0, end.right - here.left - 40)}px`);
  };
  let soon = 0;
  const lookSoon = () => { clearTimeout(soon); soon = setTimeout(look, 120); };
  document.addEventListener("selectionchange", lookSoon);
  addEventListener("resize", lookSoon); // a phone is turned
  box.addEventListener("pointerdown", (event) => event.preventDefault()); // keep the selection
  box.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    const link = passage?.provision.querySelector("a.write");
    box.hidden = true;
    link?.dispatchEvent(new CustomEvent("consult:write", { bubbles: true, detail: passage }));
  });
});

/* A version's tree beside its text: choosing a provision marks its lines and opens its forms in
   place, choosing a line chooses its provision. Without this script each is a page of its own. */
document.addEventListener("DOMContentLoaded", () => {
  const desk = document.querySelector(".tree-desk");
  if (!desk || !globalThis.htmx) return;
  const rows = [...desk.querySelectorAll(".node")];
  const source = desk.querySelector(".source-column");
  const pages = [...source.querySelectorAll(".page-picture")];
  const visible = (part) => part.offsetParent !== null;
  const lines = (row) => [Number(row.dataset.first), Number(row.dataset.last)];
  // On a desk the column scrolls by itself, on a phone the page; what was out of view gets its
  // true height only when it is near, so look again until the place stands still.
  const reveal = (element) => {
    if (!visible(element)) desk.querySelector(source.contains(element) ? "#show-text" : "#show-tree").checked = true;
    const column = element.closest(".source-column, .tree-column");
    const look = () => {
      const rect = element.getBoundingClientRect();
      const frame = column.getBoundingClientRect();
      if (getComputedStyle(column).overflowY !== "auto") {
        if (rect.top < 80 || rect.top > innerHeight * 0.8) element.scrollIntoView({ block: "center", behavior: "instant" });
      } else if (rect.top < frame.top || rect.bottom > frame.bottom) {
        column.scrollTop += rect.top - frame.top - frame.height / 4;
      }
      if ((frames -= 1)) requestAnimationFrame(look);
    };
    let frames = 12;
    look();
  };
  // Pages of the original know the line with which they begin.
  const page = (line) => pages.filter((one) => Number(one.dataset.first) <= line).at(-1);
  const mark = (row) => {
    for (const line of desk.querySelectorAll(".lines .marked")) line.classList.remove("marked");
    desk.querySelector(".node.chosen")?.classList.remove("chosen");
    row.classList.add("chosen");
    const [first, last] = lines(row);
    for (let at = first; at <= last; at += 1) document.getElementById(`L${at}`)?.classList.add("marked");
    const start = document.getElementById(`L${first}`) ?? page(first);
    if (start && visible(source)) reveal(start);
  };
  const open = (row, line) => {
    const again = row.querySelector(".node-forms");
    desk.querySelector(".node-forms")?.remove();
    mark(row);
    if (again && !line) return;
    const place = document.createElement("div");
    place.className = "node-forms";
    row.append(place);
    const link = row.querySelector("a");
    htmx.ajax("GET", link.href, { target: place, swap: "innerHTML" }).then(() => {
      if (!place.querySelector(".correct")) { location.href = link.href; return; }
      if (line) choose(place, document.getElementById(`L${line}`).textContent.trim());
      place.scrollIntoView({ block: "nearest" });
    });
  };
  // The form that divides offers the chosen line, unless the provision begins with it.
  const choose = (place, words) => {
    const select = place.querySelector("select[name=divide-at]");
    const option = [...(select?.options ?? [])].find((o) => o.value && words.startsWith(o.text.replace(/…$/, "")));
    if (!option) return;
    select.value = option.value;
    select.closest("details")?.setAttribute("open", "");
  };
  const holder = (line) => {
    let found = null;
    for (const row of rows) {
      const [first, last] = lines(row);
      if (first > line) break;
      if (last >= line) found = row;
    }
    return found;
  };
  const go = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || !desk.contains(target)) return;
    if (target.matches(".node")) mark(target);
    if (target.matches(".node, .lines li")) reveal(target);
  };
  const plain = (event) => !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);
  desk.addEventListener("click", (event) => {
    const link = event.target.closest(".node > a");
    if (link && plain(event)) {
      event.preventDefault();
      open(link.parentElement);
      return;
    }
    const line = event.target.closest(".lines li");
    const row = line && getSelection().isCollapsed ? holder(Number(line.id.slice(1))) : null;
    if (!row) return;
    reveal(row);
    open(row, Number(line.id.slice(1)));
  });
  // Words selected in the text of the chosen provision are where it shall be divided.
  source.addEventListener("mouseup", () => {
    const words = getSelection().toString().trim();
    const field = desk.querySelector("input[name=divide-words]");
    if (!field || !words || words.length > 200 || words.includes("\n")) return;
    field.value = words;
    field.closest("details")?.setAttribute("open", "");
  });
  // Following the same link twice changes no hash, yet the place shall be shown again.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href*='#']");
    if (link && plain(event) && link.href === location.href) go();
  });
  addEventListener("hashchange", go);
  addEventListener("load", go); // after the browser's own jump to the place
});

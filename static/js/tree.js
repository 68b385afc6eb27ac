/* A version's tree beside its text: choosing a provision marks its lines and opens its forms in
   place, choosing a line chooses its provision. Without this script each is a page of its own. */
document.addEventListener("DOMContentLoaded", () => {
  const desk = document.querySelector(".tree-desk");
  if (!desk || !globalThis.htmx) return;
  const rows = [...desk.querySelectorAll(".node")];
  const switches = { text: desk.querySelector("#show-text"), tree: desk.querySelector("#show-tree") };
  const source = desk.querySelector(".source-column");
  const visible = (part) => part.offsetParent !== null;
  const lines = (row) => [Number(row.dataset.first), Number(row.dataset.last)];
  const mark = (row) => {
    for (const line of desk.querySelectorAll(".lines .marked")) line.classList.remove("marked");
    desk.querySelector(".node.chosen")?.classList.remove("chosen");
    row.classList.add("chosen");
    const [first, last] = lines(row);
    for (let at = first; at <= last; at += 1) document.getElementById(`L${at}`)?.classList.add("marked");
    if (visible(source)) show(document.getElementById(`L${first}`), source);
  };
  // Only the column scrolls, not the page.
  const show = (element, column) => {
    if (!element) return;
    const rect = element.getBoundingClientRect();
    const frame = column.getBoundingClientRect();
    if (getComputedStyle(column).overflowY !== "auto") { element.scrollIntoView({ block: "center" }); return; }
    if (rect.top < frame.top || rect.bottom > frame.bottom) column.scrollTop += rect.top - frame.top - frame.height / 4;
  };
  const shut = () => desk.querySelector(".node-forms")?.remove();
  const open = (row, line) => {
    const again = row.querySelector(".node-forms");
    shut();
    mark(row);
    if (again && !line) return;
    const place = document.createElement("div");
    place.className = "node-forms";
    row.append(place);
    const link = row.querySelector("a");
    htmx.ajax("GET", link.href, { target: place, swap: "innerHTML" }).then(() => {
      if (!place.querySelector(".correct")) { location.href = link.href; return; }
      const select = place.querySelector("select[name=divide-at]");
      const words = line ? document.getElementById(`L${line}`).textContent.trim() : "";
      const option = select && words && [...select.options].find((o) => words.startsWith(o.text.replace(/…$/, "")) && o.value);
      if (option) {
        select.value = option.value;
        select.closest("details")?.setAttribute("open", "");
      }
      place.scrollIntoView({ block: "nearest" });
    });
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
    if (row) {
      if (!visible(row)) switches.tree.checked = true;
      open(row, Number(line.id.slice(1)));
      show(row, desk.querySelector(".tree-column"));
    }
  });
  // Words selected in the text of the chosen provision are where it shall be divided.
  source.addEventListener("mouseup", () => {
    const words = getSelection().toString().trim();
    const field = desk.querySelector("input[name=divide-words]");
    if (!field || !words || words.length > 200 || words.includes("\n")) return;
    field.value = words;
    field.closest("details")?.setAttribute("open", "");
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-line]");
    if (!link || !plain(event) || visible(source)) return;
    switches.text.checked = true;
  });
  const arrived = () => {
    const row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (row?.matches(".node")) {
      if (!visible(row)) switches.tree.checked = true;
      mark(row);
    }
  };
  addEventListener("hashchange", arrived);
  arrived();
});

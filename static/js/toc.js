/* The contents: open on a wide page, filtered by words, the entry of what is being read marked. */
document.addEventListener("DOMContentLoaded", () => {
  const box = document.querySelector(".toc-box");
  if (!box) return;
  const wide = matchMedia("(min-width: 62rem)");
  const fit = () => { box.open = wide.matches; };
  fit();
  wide.addEventListener("change", fit);
  box.addEventListener("click", (event) => {
    if (event.target.closest("a") && !wide.matches) box.open = false;
  });
  const mark = (link) => {
    box.querySelector(".here")?.removeAttribute("aria-current");
    box.querySelector(".here")?.classList.remove("here");
    link.classList.add("here");
    link.setAttribute("aria-current", "location");
    if (wide.matches) {
      const nav = box.parentElement;
      nav.scrollTo({ top: link.offsetTop - nav.clientHeight / 2 });
    }
  };
  const links = new Map();
  for (const link of box.querySelectorAll("a")) links.set(decodeURIComponent(link.hash.slice(1)), link);
  const seen = new IntersectionObserver((changes) => {
    const shown = changes.filter((change) => change.isIntersecting);
    if (shown.length) mark(links.get(shown[0].target.id));
  }, { rootMargin: "0px 0px -70% 0px" });
  const watch = (text) => {
    for (const place of text.querySelectorAll(".provision")) if (links.has(place.id)) seen.observe(place);
  };
  watch(document);
  document.addEventListener("consult:text", (event) => watch(event.detail));

  // Typed without diacritics, a word finds itself with them.
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();
  const items = [...box.querySelectorAll("li")].map((item) => ({
    item, words: fold(item.textContent), depth: Number(item.className.slice(4)),
  }));
  if (items.length < 15) return;
  const place = document.createElement("div");
  place.className = "toc-filter";
  const input = document.createElement("input");
  input.type = "search";
  input.className = "form-control";
  input.placeholder = box.dataset.filter;
  input.setAttribute("aria-label", box.dataset.filter);
  const told = document.createElement("output");
  place.append(input, told);
  box.querySelector("ol").before(place);
  input.addEventListener("input", () => {
    const words = fold(input.value).split(/\s+/).filter(Boolean);
    let found = 0;
    let above = -1; // headings over a shown entry are shown with it
    for (const { item, words: text, depth } of items.slice().reverse()) {
      const fits = words.every((word) => text.includes(word));
      item.hidden = !fits && depth >= above;
      above = item.hidden ? above : depth;
      if (fits) found += 1;
    }
    told.textContent = words.length ? box.dataset.found.replace("#", found) : "";
  });
});

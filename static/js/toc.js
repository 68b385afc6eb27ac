/* The contents: open on a wide page, and the entry of what is being read is marked. */
document.addEventListener("DOMContentLoaded", () => {
  const box = document.querySelector(".toc-box");
  if (!box) return;
  const wide = matchMedia("(min-width: 62rem)");
  const fit = () => { box.open = wide.matches; };
  fit();
  wide.addEventListener("change", fit);
  const entries = new Map();
  for (const link of box.querySelectorAll("a")) {
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (target) entries.set(target, link);
  }
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
  const seen = new IntersectionObserver((changes) => {
    const shown = changes.filter((change) => change.isIntersecting);
    if (shown.length) mark(entries.get(shown[0].target));
  }, { rootMargin: "0px 0px -70% 0px" });
  for (const target of entries.keys()) seen.observe(target);
});

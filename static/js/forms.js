/* Forms: focus the list of mistakes, refuse a double press, show that a post is under way. */
(() => {
  const start = () => document.getElementById("problems")?.focus();
  document.addEventListener("DOMContentLoaded", start);
  document.addEventListener("htmx:afterSwap", start);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    form.setAttribute("aria-busy", "true");
  });
  // Going back to a page from the browser's cache must leave its forms usable.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
    }
  });
  // An account menu closes when one clicks elsewhere or presses Escape.
  const close = (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (event.type === "keydown" ? event.key === "Escape" : !menu.contains(event.target)) {
        menu.open = false;
      }
    }
  };
  document.addEventListener("click", close);
  document.addEventListener("keydown", close);
})();

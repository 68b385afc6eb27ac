/* Keys on the reading list: from point to point, and each point's buttons; ? shows them all. */
document.addEventListener("DOMContentLoaded", () => {
  const list = document.querySelector("[data-reading]");
  const help = document.querySelector("[data-keys]");
  if (!list || !help) return;
  const OFF = "consult.keys.off";
  const points = () => [...list.querySelectorAll("article")];
  const at = () => document.activeElement?.closest("[data-reading] article");
  // The point on which one was last: a press of a button elsewhere does not lose it.
  let last = null;
  const current = () => at() ?? (last && document.getElementById(last));
  const go = (point) => {
    point.focus({ preventScroll: true });
    point.scrollIntoView({ block: "start" });
  };
  const step = (by) => {
    const all = points();
    const now = current();
    const next = now ? all[all.indexOf(now) + by] : all[0];
    if (next) go(next);
    else document.querySelector(`a[rel=${by > 0 ? "next" : "prev"}]`)?.click();
  };
  const press = (target) => {
    if (!target) return;
    if (!target.matches("details")) { target.click(); return; }
    target.open = true;
    target.querySelector("textarea, select").focus();
  };
  const toggle = () => {
    help.open = !help.open;
    if (help.open) help.querySelector("summary").focus();
  };
  const on = help.querySelector("#keys-on");
  help.hidden = false;
  on.checked = localStorage.getItem(OFF) === null;
  on.addEventListener("change", () => {
    if (on.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
  // Leaving for another page and coming back finds the same point.
  list.addEventListener("focusin", (event) => {
    const point = event.target.closest("article");
    if (!point || point.id === last) return;
    last = point.id;
    history.replaceState(history.state, "", `#${point.id}`);
  });
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input:not([type=checkbox]), textarea, select");
    if (field && event.key === "Escape" && at()) { go(at()); return; }
    if (field || !on.checked || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === "j") step(1);
    else if (key === "k") step(-1);
    else if (key === "?") toggle();
    else if (key === "u") press(document.querySelector("#reading-done [data-key=u]"));
    else if (/^[rndt123]$/.test(key)) press(current()?.querySelector(`[data-key="${key}"]`));
    else return;
    event.preventDefault();
  });
  // Signed out, or no longer allowed: the whole page says so.
  list.addEventListener("htmx:responseError", () => location.reload());
  const there = location.hash && document.getElementById(location.hash.slice(1));
  if (there && list.contains(there)) go(there);
});

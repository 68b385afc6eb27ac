/* Keeps what is being typed in the browser, so that no crash, lost session or lost network eats it. */
(() => {
  const PREFIX = "consult.keep.";
  const WORDS = ["argument", "proposed_wording", "quote"];
  const words = (form) => WORDS.map((name) => form.elements[name]?.value ?? "");
  const notice = (form, text, button, act) => {
    const line = document.createElement("p");
    line.className = "note restored";
    line.setAttribute("role", "status");
    line.append(text);
    if (button) {
      const press = document.createElement("button");
      press.type = "button";
      press.className = "btn btn-outline-secondary btn-sm";
      press.textContent = button;
      press.addEventListener("click", () => { act(); line.remove(); });
      line.append(press);
    }
    form.prepend(line);
    return line;
  };
  const attach = (form) => {
    if (form.dataset.kept) return;
    form.dataset.kept = "1";
    const key = PREFIX + form.dataset.keep;
    const before = words(form);
    let stored = null;
    try { stored = JSON.parse(localStorage.getItem(key)); } catch { localStorage.removeItem(key); }
    if (stored && !before[0] && stored.some((text, i) => text && text !== before[i])) {
      WORDS.forEach((name, i) => { if (stored[i]) form.elements[name].value = stored[i]; });
      notice(form, form.dataset.keepRestored, form.dataset.keepDiscard, () => {
        WORDS.forEach((name, i) => { form.elements[name].value = before[i]; });
        localStorage.removeItem(key);
      });
    }
    const save = () => {
      const now = words(form);
      try {
        if (now.some((text, i) => text !== before[i])) localStorage.setItem(key, JSON.stringify(now));
        else localStorage.removeItem(key);
      } catch { /* A full or forbidden store: the page itself still holds the words. */ }
    };
    let later = 0;
    form.addEventListener("input", () => { clearTimeout(later); later = setTimeout(save, 400); });
    addEventListener("pagehide", save);
    form.addEventListener("submit", () => {
      save();
      sessionStorage.setItem(PREFIX + "sent", form.dataset.keep);
    });
    let offline = null;
    const network = () => {
      offline?.remove();
      offline = navigator.onLine ? null : notice(form, form.dataset.keepOffline);
    };
    addEventListener("offline", network);
    addEventListener("online", network);
    if (!navigator.onLine) network();
  };
  // A page that says "received" or "saved" lets go of what this tab had sent.
  const clear = () => {
    const mark = document.querySelector("[data-keep-clear]");
    const sent = sessionStorage.getItem(PREFIX + "sent");
    if (!mark || !sent) return;
    const places = mark.dataset.keepPlaces;
    const gone = places === undefined ? [mark.dataset.keepClear]
      : ["", ...places.trim().split(/\s+/)].map((place) => mark.dataset.keepClear + place);
    if (gone.includes(sent)) localStorage.removeItem(PREFIX + sent);
    sessionStorage.removeItem(PREFIX + "sent");
  };
  const scan = (root) => root.querySelectorAll("form[data-keep]").forEach(attach);
  document.addEventListener("DOMContentLoaded", () => { clear(); scan(document); });
  document.addEventListener("htmx:afterSwap", () => scan(document));
})();

/* Keeps what is being typed, on the server and in this browser, so that nothing eats it. */
(() => {
  const PREFIX = "consult.keep.";
  const TEXTS = ["argument", "proposed_wording", "quote"];
  const FIELDS = ["kind", "stance", "question", "before", ...TEXTS];
  const boxes = (form, n) => [...form.querySelectorAll(`input[name="${n}"]`)];
  // Of a form of words each field's value; of one of choices the numbers ticked, as "1,3".
  const words = {
    names: () => FIELDS,
    read: (form, n) => form.elements[n]?.value ?? "",
    write: (form, n, value) => { if (form.elements[n]) form.elements[n].value = value; },
    texts: () => TEXTS,
    differ: (now, before) => now && now !== before,
    empty: (fields) => !fields.argument,
  };
  const choices = {
    names: (form) => form.dataset.keepChoices.split(" ").map((number) => `q${number}`),
    read: (form, n) => boxes(form, n).filter((b) => b.checked).map((b) => b.value).join(","),
    write: (form, n, value) => {
      const ticked = value.split(",");
      for (const box of boxes(form, n)) box.checked = ticked.includes(box.value);
    },
    texts: (form) => choices.names(form),
    differ: (now, before) => (now ?? "") !== before,
    empty: (fields) => Object.values(fields).every((value) => !value),
  };
  const clock = (at) => new Date(at).toTimeString().slice(0, 5);
  // One name and one count for all forms of this tab, so that the server can tell late from newer.
  const tab = () => {
    const name = sessionStorage.getItem(PREFIX + "tab") ?? Math.random().toString(36).slice(2);
    const count = Number(sessionStorage.getItem(PREFIX + "count")) + 1;
    sessionStorage.setItem(PREFIX + "tab", name);
    sessionStorage.setItem(PREFIX + "count", count);
    return [name, count];
  };
  const notice = (form, text, choices = {}) => {
    const line = document.createElement("p");
    line.className = "note restored";
    line.setAttribute("role", "status");
    line.append(text);
    for (const [label, act] of Object.entries(choices)) {
      const press = document.createElement("button");
      press.type = "button";
      press.className = "btn btn-outline-secondary btn-sm";
      press.textContent = label;
      press.addEventListener("click", () => { act(); line.remove(); });
      line.append(press);
    }
    form.prepend(line);
    return line;
  };
  const attach = (form) => {
    if (form.dataset.kept) return;
    form.dataset.kept = "1";
    const say = form.dataset;
    const key = PREFIX + say.keep;
    const kind = "keepChoices" in say ? choices : words;
    const names = kind.names(form), texts = kind.texts(form);
    const read = () => Object.fromEntries(names.map((n) => [n, kind.read(form, n)]));
    const write = (fields) => {
      for (const n of names) if (n in fields) kind.write(form, n, fields[n]);
    };
    const before = read();
    const serverAt = Date.parse(say.keepAt) || 0;
    let revision = Number(form.elements.kept.value);
    let synced = false;
    const forget = () => { localStorage.removeItem(key); };
    const keepHere = () => {
      const fields = read();
      try {
        if (texts.some((n) => fields[n] !== before[n])) {
          localStorage.setItem(key, JSON.stringify({ at: Date.now(), synced, fields }));
        } else forget();
      } catch { /* A full or forbidden store: the page itself still holds the words. */ }
    };

    // --- on the server ---
    const status = form.querySelector(".keep-status");
    const tell = (text) => { if (status && status.textContent !== text) status.textContent = text; };
    let timer = 0, busy = false, dirty = false, stopped = false, leaving = false;
    const payload = () => {
      const body = new FormData();
      const [writer, sequence] = tab();
      const more = { writer, sequence, base: revision, place: say.keepPlace };
      for (const n of ["csrf_token", "form_key"]) body.set(n, form.elements[n].value);
      for (const [n, value] of Object.entries({ ...read(), ...more })) body.set(n, value);
      form.elements.kept.value = revision || 1;
      dirty = false;
      return body;
    };
    const send = async () => {
      timer = 0;
      if (busy || stopped || leaving || !dirty || !navigator.onLine) return;
      busy = true;
      try {
        const answer = await fetch(say.keepUrl, { method: "POST", body: payload() });
        heard(await answer.json());
      } catch {
        dirty = true;
        tell(say.keepUnkept);
      }
      busy = false;
      if (dirty) later();
    };
    const later = () => { timer ||= setTimeout(send, 3000); };
    const heard = (answer) => {
      if (answer.state === "kept") {
        revision = answer.revision;
        form.elements.kept.value = revision;
        synced = !dirty;
        keepHere();
        tell(say.keepSaved.replace("#", answer.at));
      } else if (answer.state === "newer") {
        stopped = true;
        tell("");
        notice(form, say.keepNewer.replace("#", answer.at), {
          [say.keepTheirs]: () => { location.href = say.keepOpen; },
          [say.keepMine]: () => { revision = answer.revision; stopped = false; dirty = true; later(); },
        });
      } else if (answer.state === "closed") {
        form.elements.form_key.value = answer.key;
        form.elements.kept.value = "";
        revision = 0;
        dirty = true; // what was written since is kept under the new key
        tell(say.keepClosed);
      } else tell(say.keepUnkept);
    };

    // --- what this browser still has ---
    let stored = null;
    try { stored = JSON.parse(localStorage.getItem(key)); } catch { forget(); }
    if (Array.isArray(stored)) { // as the release before kept them
      stored = { at: 0, fields: Object.fromEntries(TEXTS.map((n, i) => [n, stored[i]])) };
      stored.fields.proposed_wording = stored.fields.proposed_wording ?? "";
    }
    const differs = stored && texts.some((n) => kind.differ(stored.fields[n], before[n]));
    if (differs && stored.synced) forget(); // the server had it: there is newer, or it was sent
    else if (differs) {
      const typed = stored.fields;
      const swap = (fields) => () => { write(fields); dirty = true; later(); };
      const at = clock(stored.at);
      if (kind.empty(before)) {
        write(typed);
        notice(form, say.keepRestored, { [say.keepDiscard]: () => { write(before); forget(); } });
        dirty = true;
      } else if (serverAt && stored.at > serverAt) {
        write(typed);
        notice(form, say.keepNewest.replace("#", at), { [say.keepUse]: swap(before) });
        dirty = true;
      } else {
        notice(form, say.keepLocal.replace("#", at), {
          [say.keepUse]: swap(typed), [say.keepDiscard]: forget,
        });
      }
      if (dirty) later();
    }

    // --- while one writes ---
    let soon = 0;
    form.addEventListener("input", () => {
      dirty = true;
      synced = false;
      clearTimeout(soon);
      soon = setTimeout(keepHere, 400);
      later();
    });
    const leave = () => {
      if (!dirty) return;
      keepHere();
      if (!leaving && !stopped && navigator.onLine) navigator.sendBeacon(say.keepUrl, payload());
    };
    addEventListener("pagehide", leave);
    document.addEventListener("visibilitychange", () => { if (document.hidden) leave(); });
    form.addEventListener("submit", () => {
      keepHere();
      leaving = true;
      sessionStorage.setItem(PREFIX + "sent", say.keep);
    });
    addEventListener("pageshow", () => { leaving = false; });
    form.querySelector("[data-keep-drop]")?.addEventListener("click", forget);
    let offline = null;
    const network = () => {
      offline?.remove();
      offline = navigator.onLine ? null : notice(form, say.keepOffline);
      if (navigator.onLine && dirty) later();
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

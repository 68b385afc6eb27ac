/* Attached files go up one by one while one writes on, with progress; without script a button does it. */
(() => {
  const busy = new Map(); // form -> what waits to be pressed when all files are up, or null
  const line = (box, text) => { box.querySelector(".attach-progress").textContent = text; };
  const post = (form, values, step) => new Promise((resolve, reject) => {
    const body = new FormData();
    for (const n of ["csrf_token", "form_key", "provision", "attached"]) {
      body.set(n, form.elements[n]?.value ?? "");
    }
    for (const [n, value] of Object.entries(values)) body.set(n, value);
    const call = new XMLHttpRequest();
    call.open("POST", form.getAttribute("action") || location.href); // form.action is its buttons
    call.setRequestHeader("X-Attach", "1");
    call.upload.onprogress = (event) => step?.(event.loaded / event.total);
    call.onload = () => {
      if ([200, 422].includes(call.status)) resolve(call.responseText); else reject(call.status);
    };
    call.onerror = call.onabort = reject;
    call.send(body);
  });
  const redraw = (box, html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const fresh = page.querySelector("[data-attach]");
    if (!fresh) return box;
    box.replaceWith(fresh);
    attach(fresh);
    return fresh;
  };
  const send = async (box, files) => {
    const form = box.closest("form");
    if (busy.has(form)) return;
    busy.set(form, null);
    const say = box.dataset, wrong = [];
    for (let n = 0; n < files.length; n += 1) {
      const { name, size } = files[n];
      if (size > say.attachMost) { wrong.push(say.attachLarge.replace("#", name)); continue; }
      const step = (part) => line(box, part < 1
        ? say.attachBusy.replace("#", name).replace("@", `${Math.floor(part * 100)} %`)
        : say.attachChecking.replace("#", name));
      step(0);
      try {
        box = redraw(box, await post(form, { action: "attach", files: files[n] }, step));
        box.querySelectorAll(".field-error p").forEach((p) => wrong.push(p.textContent));
      } catch {
        line(box, `${say.attachFailed.replace("#", name)} `);
        const again = document.createElement("button");
        again.type = "button";
        again.className = "btn btn-outline-secondary btn-sm";
        again.textContent = say.attachRetry;
        again.addEventListener("click", () => send(box, files.slice(n)));
        box.querySelector(".attach-progress").append(again);
        busy.delete(form);
        return;
      }
    }
    const pressed = busy.get(form);
    busy.delete(form);
    report(box, wrong);
    if (pressed && !wrong.length) form.requestSubmit(pressed);
  };
  const report = (box, wrong) => {
    line(box, "");
    box.querySelector(".field-error")?.remove();
    if (!wrong.length) return;
    const said = document.createElement("div");
    said.className = "field-error";
    said.id = "files-error";
    said.setAttribute("role", "alert");
    for (const text of wrong) said.append(Object.assign(document.createElement("p"), { textContent: text }));
    box.querySelector(".attach-progress").after(said);
  };
  const attach = (box) => {
    if (box.dataset.ready) return;
    box.dataset.ready = "1";
    box.querySelector("[data-attach-button]").hidden = true;
    const input = box.querySelector("input[type=file]");
    input.addEventListener("change", () => {
      const files = [...input.files];
      input.value = "";
      send(box, files);
    });
    box.addEventListener("click", async (event) => {
      const button = event.target.closest("[data-detach]");
      if (!button) return;
      event.preventDefault();
      const form = box.closest("form");
      if (busy.has(form)) return;
      try {
        redraw(box, await post(form, { action: button.value })).querySelector("input[type=file]").focus();
      } catch { form.requestSubmit(button); }
    });
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!busy.has(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    busy.set(form, event.submitter);
    const box = form.querySelector("[data-attach]");
    box.querySelector(".attach-progress").append(` ${box.dataset.attachWait}`);
  }, true);
  const scan = (root) => root.querySelectorAll("[data-attach]").forEach(attach);
  document.addEventListener("DOMContentLoaded", () => scan(document));
  document.addEventListener("htmx:afterSwap", () => scan(document));
})();

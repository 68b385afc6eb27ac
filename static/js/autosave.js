/* Saves a long form by itself a moment after the last change; without script one presses Save. */
(() => {
  const attach = () => {
    const form = document.querySelector("form[data-autosave]");
    const note = form?.querySelector("[data-autosave-note]");
    if (!note) return;
    let timer;
    const save = async () => {
      if (form.dataset.sent) return;
      const body = new FormData(form);
      body.set("action", "autosave");
      const answer = await fetch(location.pathname, { method: "POST", body }).catch(() => null);
      note.textContent = answer?.status === 204
        ? `${form.dataset.autosave} ${new Date().toTimeString().slice(0, 5)}`
        : form.dataset.autosaveFailed;
    };
    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(save, 4000); });
  };
  document.addEventListener("DOMContentLoaded", attach);
})();

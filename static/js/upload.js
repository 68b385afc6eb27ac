/* Uploads: say that reading takes some seconds. */
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-upload]")) return;
  const note = event.target.querySelector("[data-busy-note]");
  if (note) note.hidden = false;
});

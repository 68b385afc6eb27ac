/* Beneath a date picker, the chosen instant as dd/mm/yyyy, whatever the browser's language. */
(() => {
  const show = (input) => {
    const place = document.querySelector(`[data-instant="${input.id}"]`);
    if (!place) return;
    const found = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d)/.exec(input.value);
    place.textContent = found ? `${found[4]} ${found[3]}/${found[2]}/${found[1]}` : "";
  };
  document.addEventListener("input", (event) => {
    if (event.target.matches('input[type="datetime-local"]')) show(event.target);
  });
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll('input[type="datetime-local"]').forEach(show);
  });
})();

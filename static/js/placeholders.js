/* Figures beside a summary's field: pressing a name puts it where the caret was in the field. */
document.addEventListener("DOMContentLoaded", () => {
  for (const list of document.querySelectorAll(".figure-list[data-into]")) {
    const field = document.getElementById(list.dataset.into);
    if (!field) continue;
    for (const name of list.querySelectorAll("code")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "figure-name";
      button.textContent = name.textContent;
      button.addEventListener("click", () => {
        field.focus();
        field.setRangeText(name.textContent, field.selectionStart, field.selectionEnd, "end");
        field.dispatchEvent(new Event("input", { bubbles: true }));
      });
      name.replaceWith(button);
    }
  }
});

/* Choosing a passage without pointing: sentences to press, then words from two lists. */
(() => {
  const make = (tag, parent, text = "") => {
    const element = document.createElement(tag);
    element.textContent = text;
    parent.append(element);
    return element;
  };
  // The words of the provision as the page shows them, without what stands around them.
  const source = (form) => {
    const provision = form.closest(".provision");
    const blocks = provision
      ? [...provision.children].filter((child) => !child.matches(".provision-tools, .write-here, .quote-here"))
      : [...document.querySelectorAll(".provision-text")];
    return blocks.map((block) => block.innerText.trim()).join("\n");
  };
  const attach = (box) => {
    const form = box.closest("form");
    // A passage chosen by pointing needs no second choice.
    if (!box.open || form.elements.quote.value || box.querySelector(".pick")) return;
    const text = source(form);
    const sentences = [...text.matchAll(/\S(?:[^\n]*?[^\s\d][.;!?…](?=\s)|[^\n]*)/g)];
    if (!sentences.length) return;
    const pick = document.createElement("fieldset");
    pick.className = "pick";
    make("legend", pick, box.dataset.pick).className = "form-label";
    make("p", pick, box.dataset.pickHint).className = "hint";
    const list = make("div", pick);
    const select = (label) => {
      const outer = make("label", pick, `${label} `);
      const field = make("select", outer);
      outer.hidden = true; // until there are words to choose from
      field.className = "form-select";
      return field;
    };
    const from = select(box.dataset.pickFrom), to = select(box.dataset.pickTo);
    let first = -1, last = -1, words = [];
    const quote = () => {
      if (Number(to.value) < Number(from.value)) to.value = from.value;
      const start = words[from.value].index, end = words[to.value];
      form.elements.quote.value = text.slice(start, end.index + end[0].length);
      form.elements.before.value = text.slice(Math.max(0, start - 80), start);
      form.elements.quote.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const press = (at) => {
      if (first < 0 || (at >= first && at <= last)) first = last = at;
      else { first = Math.min(first, at); last = Math.max(last, at); }
      buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(i >= first && i <= last)));
      const end = sentences[last].index + sentences[last][0].length;
      words = [...text.slice(0, end).matchAll(/\S+/g)].filter((word) => word.index >= sentences[first].index);
      for (const field of [from, to]) {
        field.replaceChildren(...words.map((word, i) => new Option(word[0], i)));
        field.parentElement.hidden = false;
      }
      to.value = words.length - 1;
      quote();
    };
    const buttons = sentences.map((sentence, at) => {
      const button = make("button", list, sentence[0]);
      button.type = "button";
      button.setAttribute("aria-pressed", "false");
      button.addEventListener("click", () => press(at));
      return button;
    });
    from.addEventListener("change", quote);
    to.addEventListener("change", quote);
    box.querySelector("summary").after(pick);
  };
  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.(".quote-box[data-pick]")) attach(event.target);
  }, true);
})();

// Turns a picker (templates/components/picker.html) into a combobox: options come by htmx, the arrows walk through them, Enter takes one.
(function () {
  "use strict";
  if (!window.htmx) return;

  function enhance(root) {
    const name = root.dataset.picker;
    const many = Boolean(root.dataset.many);
    const input = root.querySelector(`#${name}-q`);
    const found = root.querySelector(`#${name}-found`);
    const chosen = root.querySelector("[data-chosen]");
    const say = root.querySelector("[data-say]");
    if (!input.hasAttribute("hx-get")) return;
    root.classList.add("live");
    let options = [];
    let active = -1;

    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", `${name}-found`);

    const has = (value) => [...chosen.querySelectorAll("input")].some((box) => box.value === value && box.checked);

    function close() {
      found.replaceChildren();
      options = [];
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function go(to) {
      if (!options.length) return;
      if (options[active]) options[active].removeAttribute("aria-selected");
      active = (to + options.length) % options.length;
      const option = options[active];
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", option.id);
    }

    function take(option) {
      const item = option.taken;
      if (!many) chosen.replaceChildren();
      const box = item.querySelector("input");
      box.checked = true;
      const line = document.createElement("li");
      const kept = chosen.querySelector(`input[value="${CSS.escape(box.value)}"]`);
      if (kept) kept.checked = true;
      else {
        box.id = `${name}-chosen-${box.value}`;
        line.append(item);
        chosen.append(line);
      }
      say.textContent = `${root.dataset.added} ${item.querySelector("bdi").textContent}`;
      input.value = "";
      close();
      input.focus();
      root.dispatchEvent(new Event("change", { bubbles: true }));
    }

    // The answer comes as tick boxes; here they become options, because a tick box may not stand inside one.
    function arrived() {
      const list = found.querySelector("ul");
      options = [];
      active = -1;
      if (!list || !input.value.trim()) {
        if (!input.value.trim()) found.replaceChildren();
        input.setAttribute("aria-expanded", "false");
        const none = found.querySelector("[data-none]");
        if (none) say.textContent = none.textContent;
        return;
      }
      list.setAttribute("role", "listbox");
      [...list.children].forEach((line, at) => {
        const item = line.querySelector("label");
        if (has(item.dataset.value)) {
          line.remove();
          return;
        }
        line.replaceChildren(...[...item.querySelector("span").childNodes].map((part) => part.cloneNode(true)));
        line.taken = item;
        line.id = `${name}-option-${at}`;
        line.setAttribute("role", "option");
        line.addEventListener("mousedown", (event) => event.preventDefault());
        line.addEventListener("click", () => take(line));
        options.push(line);
      });
      input.setAttribute("aria-expanded", String(options.length > 0));
      if (!options.length) close();
      else go(0);
    }

    if (input.form) input.form.addEventListener("submit", () => { input.value = ""; });
    found.addEventListener("htmx:afterSwap", arrived);
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown") go(active + 1);
      else if (event.key === "ArrowUp") go(active - 1);
      else if (event.key === "Escape" && options.length) close();
      else if (event.key === "Enter" && options[active]) take(options[active]);
      else if (event.key === "Enter" && input.value.trim()) window.htmx.trigger(input, "input");
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    root.addEventListener("focusout", (event) => {
      if (options.length && !root.contains(event.relatedTarget)) close();
    });
    // Unticking a chosen one takes it away, and says so.
    chosen.addEventListener("change", (event) => {
      const box = event.target;
      if (box.checked) return;
      const line = box.closest("li");
      say.textContent = `${root.dataset.removed} ${line.querySelector("bdi").textContent}`;
      line.remove();
      input.focus();
    });
  }

  document.querySelectorAll("[data-picker]").forEach(enhance);
  document.addEventListener("htmx:load", (event) => {
    const part = event.target;
    if (part.querySelectorAll) part.querySelectorAll("[data-picker]:not(.live)").forEach(enhance);
  });
})();

// Small helps on every page. Everything works without them.
(function () {
  "use strict";

  // Menus close with Escape, and when one goes on elsewhere.
  const menus = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menus().forEach((menu) => {
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) menu.querySelector("summary").focus();
    });
  });
  document.addEventListener("click", (event) => {
    menus().forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  // After a refused form the reader starts at what has to be mended.
  const first = document.querySelector("[data-first]");
  if (first) first.focus();

  // Ask before leaving a form with changes that are not saved.
  document.querySelectorAll("form[data-guard]").forEach((form) => {
    const state = () => new URLSearchParams(new FormData(form)).toString();
    const refused = Boolean(document.querySelector(".summary-of-errors"));
    const start = state();
    let sending = false;
    form.addEventListener("submit", () => { sending = true; });
    window.addEventListener("pageshow", () => { sending = false; });
    window.addEventListener("beforeunload", (event) => {
      if (!sending && (refused || state() !== start)) event.preventDefault();
    });
  });

  // On a slow connection one presses twice: the second press within a few seconds sends nothing.
  const MOMENT = 4000;
  let sent = new WeakMap();
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.getAttribute("method") !== "post") return;
    if (Date.now() - (sent.get(event.target) || 0) < MOMENT) event.preventDefault();
    else sent.set(event.target, Date.now());
  });
  window.addEventListener("pageshow", () => { sent = new WeakMap(); });

  // Show what is typed as a password: on a phone one cannot feel the keys.
  document.querySelectorAll("button[data-reveal]").forEach((button) => {
    const input = document.getElementById(button.dataset.reveal);
    const word = button.querySelector("span");
    const show = word.textContent;
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = input.type === "text";
      input.type = shown ? "password" : "text";
      word.textContent = shown ? show : button.dataset.hide;
      button.setAttribute("aria-pressed", String(!shown));
    });
    if (input.form) input.form.addEventListener("submit", () => { input.type = "password"; });
  });

  // Copy the text of a field.
  document.querySelectorAll("button[data-copy]").forEach((button) => {
    const source = document.getElementById(button.dataset.copy);
    if (!source || !navigator.clipboard) return;
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(source.value);
      button.querySelector("span").textContent = button.dataset.done;
    });
  });
})();

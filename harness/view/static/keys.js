// Presses the button or the link that has a key. On a report, that of the line that was pointed at or focused last.
"use strict";

const line = ":is(li.claim, li.fact)";
const form = document.querySelector("form.keyed");
let current = document.querySelector(".here") ? null : document;

if (!current) {
  for (const moved of ["pointermove", "focusin"]) {
    document.addEventListener(moved, (event) => (current = event.target.closest?.(line) ?? null));
  }
  document.querySelector(`${line}:target`)?.focus({ preventScroll: true });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest("input, textarea, select")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const pressed = current?.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!pressed) return;
  event.preventDefault();
  if (pressed.matches("textarea")) pressed.focus();
  else pressed.click();
});

// One answer for each page: a second key before the next page arrives would answer a pair that nobody has seen.
form?.addEventListener("submit", (event) => {
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
addEventListener("pageshow", () => delete form?.dataset.sent);

// Scrolls the text, and not the page, so far that the marked passage can be seen.
const mark = document.querySelector(".premise mark");
const text = mark?.closest(".text");
if (text) text.scrollTop += mark.getBoundingClientRect().top - text.getBoundingClientRect().top - text.clientHeight / 3;

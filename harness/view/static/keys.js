// Clicks the button or link that belongs to a pressed key. In a report, keys act on the line last hovered or focused.
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

let typed = false; // a note or an edit that no answer has saved
form?.addEventListener("input", () => (typed = true));
addEventListener("beforeunload", (event) => {
  if (!typed) return;
  event.preventDefault();
  delete form.dataset.sent; // the user may stay
});

// One answer for each page: a second key before the next page arrives would answer a pair that nobody has seen.
form?.addEventListener("submit", (event) => {
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  if (event.submitter?.name !== "undo") typed = false; // undo sends no note
});
addEventListener("pageshow", () => delete form?.dataset.sent);

// Scrolls the text, not the page, until the marked passage is visible.
const mark = document.querySelector(".premise mark");
const text = mark?.closest(".text");
if (text) text.scrollTop += mark.getBoundingClientRect().top - text.getBoundingClientRect().top - text.clientHeight / 3;

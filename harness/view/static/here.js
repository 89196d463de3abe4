// s, c and a give a label to the verdict that was pointed at or focused last; u takes one back.
"use strict";

const line = ":is(li.claim, li.fact)";

let current = null;
for (const moved of ["pointermove", "focusin"]) {
  document.addEventListener(moved, (event) => { current = event.target.closest?.(line) ?? null; });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest("input, textarea, select")) return;
  const button = current?.querySelector(`.here [data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

document.querySelector(`${line}:target`)?.focus({ preventScroll: true });

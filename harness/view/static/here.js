// s, c and a give a label to the verdict that has the focus or the pointer; u takes one back.
"use strict";

const line = ":is(li.claim, li.fact)";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest("input, textarea, select")) return;
  const judged = event.target.closest(line) ?? document.querySelector(`${line}:hover`);
  const button = judged?.querySelector(`.here [data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

document.querySelector(`${line}:target`)?.focus({ preventScroll: true });

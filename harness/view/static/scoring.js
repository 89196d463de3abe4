// Shows how far runs are scored again, once a second, and then loads the page again, unless somebody is at work in it.
"use strict";

const place = document.querySelector("[data-scoring]");
let used = false;

for (const use of ["focusin", "click"]) document.addEventListener(use, () => (used = true));

async function look() {
  let progress;
  try {
    progress = await (await fetch(place.dataset.scoring)).json();
  } catch {
    return setTimeout(look, 5000); // harness view was stopped
  }
  for (const said of document.querySelectorAll("[data-run]")) {
    const text = progress.runs[said.dataset.run] ?? "";
    if (said.textContent !== text) said.textContent = text; // or it would be read out each second
  }
  if (progress.busy) return setTimeout(look, 1000);
  if (!used) return location.reload();
  const link = document.createElement("a");
  link.href = location.pathname + location.search;
  link.textContent = "Load the page again";
  place.replaceChildren("Done. ", link);
}

setTimeout(look, 1000);

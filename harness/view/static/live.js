// Shows how far a run is, once a second. The answer is data: nothing of it becomes markup.
"use strict";

const live = document.getElementById("live");
const said = document.getElementById("state");

function bar(name, done, cells) {
  const progress = document.getElementById(name);
  progress.max = cells || 1;
  progress.value = done;
  document.getElementById(`${name}-said`).textContent = `${done} of ${cells}`;
}

function cell(tag, text) {
  const made = document.createElement(tag);
  made.dir = "auto";
  made.textContent = text;
  return made;
}

function row(summary) {
  const made = document.createElement("tr");
  const system = cell("th", summary.system);
  system.scope = "row";
  const article = cell("td", "");
  const link = cell("a", summary.article);
  link.href = summary.address;
  article.append(link);
  const text = cell("td", summary.made ? summary.text : `– ${summary.text}`);
  text.className = summary.made ? "said" : "said small";
  made.append(system, article, text, cell("td", summary.facts), cell("td", summary.claims));
  return made;
}

async function look() {
  let progress;
  try {
    progress = await (await fetch(live.dataset.progress)).json();
  } catch {
    said.textContent = "harness view does not answer: it was stopped. Start it again.";
    return setTimeout(look, 5000);
  }
  if (progress.problem) {
    said.textContent = progress.problem;
    said.className = "problems";
    return setTimeout(look, 5000);
  }
  if (progress.state !== "running") return location.reload();
  bar("summarised", progress.summarised, progress.cells);
  bar("verified", progress.verified, progress.cells);
  document.getElementById("rows").replaceChildren(...progress.rows.map(row));
  setTimeout(look, 1000);
}

look();

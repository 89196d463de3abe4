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

function row(found) {
  const made = document.createElement("tr");
  const system = cell("th", found.system);
  system.scope = "row";
  const article = cell("td", "");
  const link = cell("a", found.article);
  link.href = found.address;
  article.append(link);
  const text = cell("td", found.made ? found.text : `– ${found.text}`);
  text.className = found.made ? "said" : "said small";
  made.append(system, article, text, cell("td", found.facts), cell("td", found.claims));
  return made;
}

async function look() {
  let found;
  try {
    found = await (await fetch(live.dataset.progress)).json();
  } catch {
    said.textContent = "harness view does not answer: it was stopped. Start it again.";
    return setTimeout(look, 5000);
  }
  if (found.problem) {
    said.textContent = found.problem;
    said.className = "problems";
    return setTimeout(look, 5000);
  }
  if (found.state !== "running") return location.reload();
  bar("summarised", found.summarised, found.cells);
  bar("verified", found.verified, found.cells);
  document.getElementById("rows").replaceChildren(...found.rows.map(row));
  setTimeout(look, 1000);
}

look();

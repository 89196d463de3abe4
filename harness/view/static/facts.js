// Checks a fact while it is typed, and takes passages and suggestions over without a new page.
"use strict";

const form = document.getElementById("fact");
const article = document.getElementById("article");
const take = document.getElementById("take");
const field = (name) => form.elements.namedItem(name);
const PAUSE = 300; // ms without a key until what was typed is checked

let timer = 0;
let asked = 0;
let changed = "unsaved" in form.dataset; // what came back refused is nowhere else
let marked = "";

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

// What the server says of the form.
async function ask(extra) {
  const sent = { ...Object.fromEntries(new FormData(form)), ...extra };
  const answer = await fetch(form.dataset.check, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": sent.csrf },
    body: JSON.stringify(sent),
  });
  return answer.json().catch(() => ({ problems: [`the server answered ${answer.status}`] }));
}

async function check(extra = {}) {
  clearTimeout(timer);
  const number = ++asked;
  let said;
  if (extra.do === "versions") tell("Looking for false versions …");
  try {
    said = await ask(extra);
  } catch {
    said = { problems: ["harness view does not answer; is it still running?"] };
  }
  if (said.versions) offer(said.versions);
  else if (extra.do === "versions") tell("");
  if (number === asked) show(said); // or a later question has overtaken this one
}

function show(said) {
  const remarks = said.remarks ?? said.problems.map((message) => ({ key: "statement", severity: "error", message }));
  for (const list of form.querySelectorAll(".said")) {
    list.replaceChildren(...remarks.filter((remark) => remark.key === list.dataset.key).map(line));
  }
  if (said.name !== undefined) field("id").placeholder = said.name;
  const place = remarks.find((remark) => remark.key === "evidence" && remark.severity === "note");
  highlight(place ? place.passage.text : "");
}

function line(remark) {
  const text = remark.remedy ? `${remark.message}; ${remark.remedy}` : remark.message;
  const words = element("span", { dir: "auto", textContent: text });
  const item = element("li", { className: remark.severity }, element("b", { textContent: `${remark.severity}:` }), " ", words);
  if (remark.severity === "error" && remark.passage) {
    const use = element("button", { type: "button", textContent: "Take that passage" });
    use.addEventListener("click", () => set("evidence", remark.passage.text));
    item.append(" ", use);
  }
  return item;
}

function offer(versions) {
  const items = versions.offers.map((each) =>
    element(
      "li", {},
      element("button", { name: "add", value: each.text, dir: "auto", textContent: each.text }), " ",
      element("span", { className: "kind", textContent: each.why }),
    ),
  );
  if (!items.length) return tell(versions.problem || "Nothing to suggest.");
  const list = element("ul", {}, ...items);
  list.setAttribute("aria-label", "Suggested false versions");
  document.getElementById("versions").replaceChildren(list);
}

// A line in place of the suggested versions.
function tell(text) {
  document.getElementById("versions").replaceChildren(element("p", { className: "small", textContent: text }));
}

function set(name, value) {
  field(name).value = value;
  changed = true;
  check();
}

// The passage that is selected, as far as it lies in one paragraph of the article.
function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return "";
  const whole = selection.getRangeAt(0);
  const from = whole.startContainer;
  const paragraph = (from.nodeType === Node.TEXT_NODE ? from.parentElement : from).closest("#article p");
  if (!paragraph) return "";
  const range = document.createRange();
  range.selectNodeContents(paragraph);
  range.setStart(from, whole.startOffset);
  if (paragraph.contains(whole.endContainer)) range.setEnd(whole.endContainer, whole.endOffset);
  return range.toString().trim();
}

// Shows a passage where it stands first, in place of the one that the page was made with.
function highlight(text) {
  for (const mark of article.querySelectorAll("mark")) mark.replaceWith(...mark.childNodes);
  if (!CSS.highlights) return;
  CSS.highlights.delete("evidence");
  const paragraph = text && [...article.querySelectorAll("p")].find((each) => each.textContent.includes(text));
  if (!paragraph) return;
  const start = paragraph.textContent.indexOf(text);
  const range = document.createRange();
  const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
  let at = 0;
  let begun = false;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!begun && start < at + node.length) {
      range.setStart(node, start - at);
      begun = true;
    }
    if (start + text.length <= at + node.length) {
      range.setEnd(node, start + text.length - at);
      break;
    }
    at += node.length;
  }
  CSS.highlights.set("evidence", new Highlight(range));
  bring(range);
}

// Scrolls the article so far that a place in it can be seen.
function bring(place) {
  const [box, frame] = [place.getBoundingClientRect(), article.getBoundingClientRect()];
  if (box.top < frame.top || box.bottom > frame.bottom) article.scrollTop += box.top - frame.top - frame.height / 3;
}

form.addEventListener("input", () => {
  changed = true;
  clearTimeout(timer);
  timer = setTimeout(() => check(), PAUSE);
});

form.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button?.name === "mark") {
    event.preventDefault();
    set("evidence", button.previousElementSibling.textContent);
  } else if (button?.name === "add") {
    event.preventDefault();
    const lines = field("contradictions").value.split("\n").filter((each) => each.trim());
    button.closest("li").remove();
    set("contradictions", [...lines, button.value].join("\n"));
  } else if (button?.value === "versions" || button?.value === "check") {
    event.preventDefault();
    check({ do: button.value });
  } else {
    changed = false;
  }
});

form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit(form.querySelector("button.primary"));
});

take.hidden = false;
take.addEventListener("pointerdown", (event) => event.preventDefault()); // or the selection would go
take.addEventListener("click", () => set("evidence", marked));
document.addEventListener("selectionchange", () => {
  const passage = selected();
  if (passage || document.activeElement !== take) {
    marked = passage;
    take.disabled = !passage;
  }
});

for (const link of document.querySelectorAll(".suggested a")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    if (changed && !confirm("Replace what you have typed?")) return;
    const given = new URL(link.href).searchParams;
    for (const name of ["id", "contradictions", "accepted"]) field(name).value = "";
    for (const name of ["statement", "importance", "kind", "evidence"]) set(name, given.get(name));
    form.scrollIntoView();
    field("statement").focus();
  });
}

window.addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});

const shown = article.querySelector("mark");
if (shown) bring(shown);

const suggest = document.getElementById("suggest");
suggest?.addEventListener("click", () => (suggest.textContent = "Reading the article and its references …"));

const waiting = document.querySelector("[data-waiting]");

async function wait() {
  const answer = await fetch(waiting.dataset.waiting);
  const job = await answer.json();
  if (!job.ended) {
    const bar = waiting.querySelector("progress");
    if (bar && job.total) Object.assign(bar, { max: job.total, value: job.done });
    if (job.total) waiting.querySelector(".count").textContent = `${job.done} of ${job.total} questions`;
    setTimeout(wait, PAUSE);
  } else if (changed) {
    const link = element("a", { href: location.href, textContent: "Show what it changed" });
    waiting.querySelector("[role=status]").replaceChildren("Scored again. ", link);
  } else {
    location.reload();
  }
}

if (waiting) setTimeout(wait, PAUSE);

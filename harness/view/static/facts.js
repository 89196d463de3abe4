// Checks the form of a fact as you type, and copies passages of the article into it as evidence, without a page load.
// The server answers with the whole page; only the parts that changed are used.
"use strict";

const form = document.getElementById("fact");
const article = document.getElementById("article");
const take = document.getElementById("take");
const PAUSE = 400; // ms without typing before the form is checked

let timer = 0;
let request = null;
let busy = false; // an answer to a button is on its way
let changed = "unsaved" in form.dataset;
let passage = ""; // the selected text
let marked = form.elements.evidence.value;

function sendForm(button, fields = []) {
  clearTimeout(timer);
  if (busy && !button) {
    timer = setTimeout(sendForm, PAUSE);
    return;
  }
  request?.abort();
  request = new XMLHttpRequest();
  request.onloadend = () => (busy = false);
  request.open("POST", form.action);
  request.setRequestHeader("X-Part", "1");
  request.responseType = "document"; // parsed without running anything
  request.onload = () => {
    const page = request.response;
    if (!page?.getElementById("fact")) return;
    for (const name of fields) form.elements[name].value = page.getElementById(name).value;
    const parts = [...page.querySelectorAll(".remarks"), ...(button ? [page.getElementById("versions")] : [])];
    for (const part of parts) document.getElementById(part.id)?.replaceWith(part);
    if (page.getElementById("evidence").value !== marked) markEvidence(page);
  };
  const data = new URLSearchParams(new FormData(form));
  data.set(button?.name ?? "do", button?.value ?? "check");
  busy = Boolean(button);
  request.send(data);
}

// Marks the evidence in the article. Called only if the evidence changed, because replacing the text clears a selection.
function markEvidence(page) {
  marked = page.getElementById("evidence").value;
  if (article.contains(document.activeElement)) form.elements.evidence.focus();
  article.replaceChildren(...page.getElementById("article").childNodes);
  const mark = article.querySelector("mark");
  if (mark) scrollToMark(mark);
}

// Scrolls the article until a passage is visible.
function scrollToMark(mark) {
  const [box, frame] = [mark.getBoundingClientRect(), article.getBoundingClientRect()];
  if (box.top < frame.top || box.bottom > frame.bottom) article.scrollTop += box.top - frame.top - frame.height / 3;
}

form.addEventListener("input", () => {
  changed = true;
  clearTimeout(timer);
  timer = setTimeout(sendForm, PAUSE);
});

form.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (["save", "remove"].includes(button?.value)) {
    changed = false;
    return;
  }
  event.preventDefault();
  changed = true;
  if (button?.name === "add") {
    // not by the server: its answer would replace what is typed meanwhile
    const field = form.elements.contradictions;
    field.value = `${field.value.trimEnd()}\n${button.value}`.trimStart();
    sendForm(form.querySelector('[value="versions"]'));
  } else sendForm(button, button?.name === "mark" ? ["evidence"] : []);
});

form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit(form.querySelector("button.primary"));
});

// The selected text, cut off at the end of its paragraph; empty outside the article.
function readSelection() {
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

take.hidden = false;
take.addEventListener("pointerdown", (event) => event.preventDefault()); // keep the selection
take.addEventListener("click", () => {
  form.elements.evidence.value = passage;
  changed = true;
  sendForm();
});
document.addEventListener("selectionchange", () => {
  const text = readSelection();
  if (text || document.activeElement !== take) {
    passage = text;
    take.disabled = !text;
  }
});

addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});

const mark = article.querySelector("mark");
if (mark) scrollToMark(mark);

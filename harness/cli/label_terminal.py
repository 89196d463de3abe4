"""The queue in a terminal: a pair a screen, a key a label."""

from __future__ import annotations

import sys

import click
from rich.text import Text

from harness.cli.console import Console
from harness.cli.echo import echo
from harness.document.format import plural
from harness.document.labels import MARKS, verifier
from harness.document.plain import plain, visible
from harness.errors import UsageError
from harness.records import Annotation, Check, Label, Span
from harness.trust.labelling.label import AnnotationSession, SubmittedLabel
from harness.trust.labelling.queue import QueuedTask, Task

_LABELS: dict[str, Label] = {"s": "supported", "c": "contradicted", "a": "absent", "k": "uncertain"}
_OTHER_KEYS = "[k] skip, cannot tell  [n]ote  [u]ndo  [p]remise in full  [q]uit"
_WHOLE = 2_500
"""Characters of a premise that is shown whole; of a longer one, the paragraphs around the evidence."""
_AROUND = 600


def ask(labelling: AnnotationSession, *, blind: bool) -> None:
    """Ask until nothing waits or the person quits. UsageError where there is no terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "one key a label needs a terminal; without one write the pairs to a file with --export FILE.jsonl, "
            "fill in the labels and read them with --import FILE.jsonl, or judge in the browser: harness view"
        )
    _Session(labelling, Console(), blind=blind).run()


class _Session:
    def __init__(self, labelling: AnnotationSession, console: Console, *, blind: bool) -> None:
        self._labelling, self._console, self._blind = labelling, console, blind
        self._given: list[Annotation] = []
        self._skipped: set[str] = set()
        self._note = ""

    def run(self) -> None:
        try:
            while (ask := self._next()) and self._one(ask):
                pass
        except (KeyboardInterrupt, EOFError, click.Abort):
            echo()
        waiting = len(self._labelling.waiting())
        total = len(self._labelling.questions.tasks)
        echo(f"{plural(len(self._given), 'label')} given; {waiting:,} of {total:,} pairs have none yet")

    def _next(self) -> QueuedTask | None:
        return next((ask for ask in self._labelling.waiting() if ask.task.id not in self._skipped), None)

    def _one(self, ask: QueuedTask) -> bool:
        """Ask of one pair until there is an answer; whether to go on."""
        self._show(ask)
        while (key := click.getchar(echo=False).lower()) != "q":
            if key in _LABELS:
                self._answer(ask, _LABELS[key])
                return True
            if key == "u" and self._given:
                self._undo()
                return True
            if key == "n":
                self._note = click.prompt("note", default="", show_default=False)
                echo(_keys(ask.task))
            elif key == "p":
                click.echo_via_pager(visible(ask.task.premise))
                self._show(ask)
            elif key in ("\x03", "\x04"):
                raise KeyboardInterrupt
            else:
                echo(_keys(ask.task))
        return False

    def _answer(self, ask: QueuedTask, label: Label) -> None:
        self._given += self._labelling.submit([SubmittedLabel(ask, label, self._note, self._blind)])
        self._note = ""
        if label == "uncertain":
            self._skipped.add(ask.task.id)

    def _undo(self) -> None:
        last = self._given.pop()
        self._labelling.take_back(last)
        self._skipped = {
            id_ for id_ in self._skipped if self._labelling.questions.queued[id_].task.question != last.question
        }

    def _show(self, ask: QueuedTask) -> None:
        task, article = ask.task, ask.task.item.article
        done = len(self._labelling.questions.tasks) - len(self._labelling.waiting()) + len(self._skipped)
        where = "the summary" if task.use == "coverage" else "the article"
        verdicts = [] if self._blind else [_verdict(check) for check in task.checks]
        lines = [
            _text(f"── {done + 1} of {len(self._labelling.questions.tasks)} ── {article.title or article.id}", "dim"),
            _text(f"Does {where} say this?", "dim"),
            _text(task.hypothesis, "bold"),
            _premise(task),
            *(_text(verdict, "dim") for verdict in verdicts),
            _text(_keys(task), "dim"),
        ]
        for line in lines:
            self._console.print(line, "", sep="\n", highlight=False)


def _keys(task: Task) -> str:
    """What each key says, of a fact or of a claim."""
    labels = [f"[{key}] {MARKS[label].word(task.use)}" for key, label in _LABELS.items() if label != "uncertain"]
    return "  ".join([*labels, _OTHER_KEYS])


def _verdict(check: Check) -> str:
    return f"{check.system}: {MARKS[check.verdict.label].word(check.use)} ({verifier(check.verdict)})"


def _premise(task: Task) -> Text:
    """The premise, or of a long one what lies around the evidence, which is marked."""
    text, mark = task.premise, task.evidence
    start, end = _part(text, mark)
    shown = Text("… " if start else "")
    inside = (start, start) if mark is None else (max(start, mark.start), min(end, mark.end))
    shown.append(visible(text[start : inside[0]]))
    shown.append(visible(text[inside[0] : inside[1]]), "reverse")
    shown.append(visible(text[inside[1] : end]))
    return shown.append(" … ([p] shows all of it)" if (start, end) != (0, len(text)) else "")


def _part(text: str, mark: Span | None) -> tuple[int, int]:
    if len(text) <= _WHOLE:
        return 0, len(text)
    first, last = (mark.start, mark.end) if mark else (0, 0)
    start = text.rfind("\n", 0, max(0, first - _AROUND)) + 1 if first > _AROUND else 0
    end = text.find("\n", min(len(text), last + _AROUND))
    return start, end if end >= 0 else len(text)


def _text(text: str, style: str) -> Text:
    return Text(plain(text), style)

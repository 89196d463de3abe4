"""The annotation queue in a terminal: one pair per screen, one key per label."""

from __future__ import annotations

import sys

import click
from rich.text import Text

from harness.cli.console import Console
from harness.cli.output import echo
from harness.document.format import plural
from harness.document.labels import MARKS, verifier
from harness.document.plain import plain, visible
from harness.errors import UsageError
from harness.records import Annotation, Check, Label, Span
from harness.trust.labelling import AnnotationSession, SubmittedLabel
from harness.trust.queue import QueuedTask, Task

_LABELS: dict[str, Label] = {"s": "supported", "c": "contradicted", "a": "absent", "k": "uncertain"}
_OTHER_KEYS = "[k] skip, cannot tell  [n]ote  [u]ndo  [p] whole premise  [q]uit"
_WHOLE = 2_500
"""Characters of a premise that is shown whole; of a longer one, only the paragraphs around the evidence."""
_AROUND = 600


def ask(session: AnnotationSession, *, blind: bool) -> None:
    """Ask until no pair is left or the annotator quits. UsageError without a terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "labelling by keys needs a terminal; otherwise write the pairs to a file with --export FILE.jsonl, fill in "
            "the labels and read them with --import FILE.jsonl, or judge in the browser: harness view"
        )
    _TerminalSession(session, Console(), blind=blind).run()


class _TerminalSession:
    def __init__(self, session: AnnotationSession, console: Console, *, blind: bool) -> None:
        self._session, self._console, self._blind = session, console, blind
        self._given: list[Annotation] = []
        self._skipped: set[str] = set()
        self._note = ""

    def run(self) -> None:
        try:
            while (ask := self._next()) and self._ask(ask):
                pass
        except (KeyboardInterrupt, EOFError, click.Abort):
            echo()
        waiting, total = len(self._session.waiting()), len(self._session.questions.tasks)
        echo(f"{plural(len(self._given), 'label')} given; {waiting:,} of {total:,} pairs left")

    def _next(self) -> QueuedTask | None:
        return next((ask for ask in self._session.waiting() if ask.task.id not in self._skipped), None)

    def _ask(self, ask: QueuedTask) -> bool:
        """Ask about one pair until there is an answer; False if the annotator quits."""
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
                echo(_describe_keys(ask.task))
            elif key == "p":
                click.echo_via_pager(visible(ask.task.premise))
                self._show(ask)
            elif key in ("\x03", "\x04"):
                raise KeyboardInterrupt
            else:
                echo(_describe_keys(ask.task))
        return False

    def _answer(self, ask: QueuedTask, label: Label) -> None:
        self._given += self._session.submit([SubmittedLabel(ask, label, self._note, self._blind)])
        self._note = ""
        if label == "uncertain":
            self._skipped.add(ask.task.id)

    def _undo(self) -> None:
        last = self._given.pop()
        self._session.take_back(last)
        queued = self._session.questions.queued
        self._skipped = {task_id for task_id in self._skipped if queued[task_id].task.question != last.question}

    def _show(self, ask: QueuedTask) -> None:
        task, article = ask.task, ask.task.item.article
        total = len(self._session.questions.tasks)
        done = total - len(self._session.waiting()) + len(self._skipped)
        where = "summary" if task.use == "coverage" else "article"
        verdicts = [] if self._blind else [_describe_verdict(check) for check in task.checks]
        lines = [
            Text(plain(f"── {done + 1} of {total} ── {article.title or article.id}"), "dim"),
            Text(f"Does the {where} say this?", "dim"),
            Text(plain(task.hypothesis), "bold"),
            _show_premise(task),
            *(Text(plain(verdict), "dim") for verdict in verdicts),
            Text(_describe_keys(task), "dim"),
        ]
        for line in lines:
            self._console.print(line, "", sep="\n", highlight=False)


def _describe_keys(task: Task) -> str:
    labels = [f"[{key}] {MARKS[label].word(task.use)}" for key, label in _LABELS.items() if label != "uncertain"]
    return "  ".join([*labels, _OTHER_KEYS])


def _describe_verdict(check: Check) -> str:
    return f"{check.system}: {MARKS[check.verdict.label].word(check.use)} ({verifier(check.verdict)})"


def _show_premise(task: Task) -> Text:
    """The premise, or the part of a long one around the evidence, with the evidence marked."""
    text, mark = task.premise, task.evidence
    start, end = _select_part(text, mark)
    inside = (start, start) if mark is None else (max(start, mark.start), min(end, mark.end))
    shown = Text("… " if start else "")
    shown.append(visible(text[start : inside[0]]))
    shown.append(visible(text[inside[0] : inside[1]]), "reverse")
    shown.append(visible(text[inside[1] : end]))
    return shown.append(" … ([p] shows all of it)" if (start, end) != (0, len(text)) else "")


def _select_part(text: str, mark: Span | None) -> tuple[int, int]:
    if len(text) <= _WHOLE:
        return 0, len(text)
    first, last = (mark.start, mark.end) if mark else (0, 0)
    start = text.rfind("\n", 0, max(0, first - _AROUND)) + 1 if first > _AROUND else 0
    end = text.find("\n", min(len(text), last + _AROUND))
    return start, end if end >= 0 else len(text)

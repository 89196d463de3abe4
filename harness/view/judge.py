"""The queue as a page: one pair, a button and a key for each label.

Everything works by forms; ``static/keys.js`` only presses their buttons for keys.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast, get_args
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from harness import pipeline
from harness.document.labels import MARKS
from harness.document.segments import Segment, lines, segments
from harness.errors import UsageError
from harness.records import Annotation, Label
from harness.trust.labelling import AnnotationQueue, AnnotationSession, SubmittedLabel
from harness.trust.queue import QueuedTask
from harness.view.context import Context, context
from harness.view.page import annotator, not_yet, page, remember_annotator, sent
from harness.view.run_index import NotThereError, records
from harness.view.session_address import SessionAddress

KEYS: dict[Label, str] = {"supported": "s", "contradicted": "c", "absent": "a", "uncertain": "k"}
LONGEST_NOTE = 2_000
"""Characters."""


def next_pair(request: Request) -> Response:
    """The next pair, or the one that the address names; who is there, where nobody has said it.

    The browser remembers a name for pairs that a report links to, until it is closed; the queue asks whoever begins it.
    """
    session = SessionAddress.of(request.path_params["run"], request.query_params)
    if waiting := not_yet(request, lambda: questions_of(context(request), session.run)):
        return waiting
    questions = questions_of(context(request), session.run)
    asks = "who" in request.query_params
    if session.pair and not session.by and not asks:
        session = replace(session, by=annotator(request))
    if asks or not session.by:
        return _who(request, session, questions)
    labelling = AnnotationSession(questions, session.by)
    mine = labelling.mine()
    ask = _named(questions, session.pair) if session.pair else _next(labelling.waiting(mine), session)
    return page(
        request,
        "judge.html.j2",
        run=session.run,
        session=session,
        ask=ask,
        given=next((label for label in mine if ask and label.question == ask.task.question), None),
        last=mine[-1] if mine else None,
        lines=_lines(ask) if ask else (),
        keys=KEYS,
        done=_done(mine, session),
        total=questions.count[session.use] if session.use else len(questions.tasks),
        same=_same(questions, mine) if session.sight else None,
    )


def answer(request: Request) -> Response:
    """Begin as somebody, keep a label, or take the last one back; then go on."""
    if here := sent(request, "here"):
        return _answered_here(request, here)
    session = SessionAddress.of(request.path_params["run"], request.state.sent)
    questions = questions_of(context(request), session.run)
    if begins := sent(request, "begins"):
        return _begun(request, session, questions, begins)
    labelling = AnnotationSession(questions, session.by)
    if undone := sent(request, "undo"):
        pair, drawn = _take_back(labelling, undone)
        return RedirectResponse(session.address(at=0, pair=pair, drawn=drawn), 303)
    label = _label(sent(request, "label"))
    ask, note = _named(questions, sent(request, "asked")), sent(request, "note")[:LONGEST_NOTE]
    queued = session.drawn or not session.pair
    labelling.submit([SubmittedLabel(ask, label, note, blind=not session.sight, queued=queued)])
    return remember_annotator(RedirectResponse(session.back or session.address(pair=""), 303), labelling.annotator)


def _begun(request: Request, session: SessionAddress, questions: AnnotationQueue, begins: str) -> Response:
    """Go to the first pair as the person who gave their name; a name that has labels already is confirmed first."""
    labelling = AnnotationSession(questions, session.by)
    joined = next((name for name in _people(questions) if name.casefold() == labelling.annotator.casefold()), "")
    if joined and begins != "joined":
        return _who(request, session, questions, joined)
    to = session.address()
    if session.answer:
        ask = _named(questions, session.pair)
        labelling.submit([SubmittedLabel(ask, session.answer, blind=not session.sight, queued=False)])
        to = session.back or session.address(pair="", answer=None)
    return remember_annotator(RedirectResponse(to, 303), labelling.annotator)


def _who(request: Request, session: SessionAddress, questions: AnnotationQueue, joined: str = "") -> Response:
    """The page that asks for a name, and whether the labels of ``joined`` are the person's own."""
    answer = MARKS[session.answer].word(_named(questions, session.pair).task.use) if session.answer else ""
    people = _people(questions)
    return page(
        request, "judge_who.html.j2", session=session, run=session.run, people=people, joined=joined, answer=answer
    )


def _people(questions: AnnotationQueue) -> Mapping[str, int]:
    """How many labels each person has given."""
    return Counter(label.annotator for label in questions.labels())


def _answered_here(request: Request, here: str) -> Response:
    """Do what a button beside a verdict says, ``supported PAIR PLACE`` or ``undo LABEL PLACE``; go back to its place.

    Who has not said who they are is asked first; the answer is kept once they say it.
    """
    do, named, place = [*here.split(" "), "", "", ""][:3]
    session = SessionAddress.of(request.path_params["run"], request.state.sent)
    back = f"{session.back}#{quote(place)}" if session.back else ""
    session = replace(session, by=annotator(request), back=back, pair="" if do == "undo" else named)
    questions = questions_of(context(request), session.run)
    if not session.by:
        answer = None if do == "undo" else _label(do)
        return RedirectResponse(session.address(answer=answer), 303)
    labelling = AnnotationSession(questions, session.by)
    if do == "undo":
        _take_back(labelling, named)
    else:
        labelling.submit([SubmittedLabel(_named(questions, named), _label(do), blind=False, queued=False)])
    return RedirectResponse(session.back or session.address(pair=""), 303)


def _label(given: str) -> Label:
    if given not in get_args(Label):
        raise UsageError(f"{given[:20]!r} is no label; press one of the buttons")
    return cast("Label", given)


def questions_of(context: Context, run: str) -> AnnotationQueue:
    """What can be asked of a run, kept until its records, articles or facts change."""
    folder = context.run_index.run(run)

    def files(queue: AnnotationQueue) -> list[Path]:
        articles = {Path(task.item.article.path) for task in queue.tasks}
        facts = {path.with_name("facts.yaml") for path in articles if path.name == "article.md"}
        return [*records(folder), *articles, *facts]

    return context.questions.get(run, lambda: AnnotationQueue([pipeline.read(folder.path)]), files)


def _named(questions: AnnotationQueue, name: str) -> QueuedTask:
    ask = questions.queued.get(name)
    if ask is None:
        raise NotThereError("this pair is not part of the run any more; go on with the next")
    return ask


def _next(waiting: Sequence[QueuedTask], session: SessionAddress) -> QueuedTask | None:
    """The first that waits, past those that were passed by; from the start again at the end."""
    waiting = [ask for ask in waiting if session.use in (None, ask.task.use)]
    return waiting[session.at % len(waiting)] if waiting else None


def _take_back(labelling: AnnotationSession, undone: str) -> tuple[str, bool]:
    """The id of the pair that is open again, and whether it had been drawn at random; no id where the label was taken
    back before."""
    label = next((label for label in labelling.mine() if label.id == undone), None)
    if label is None:
        return "", False
    labelling.take_back(label)
    pair = next(task.id for task in labelling.questions.tasks if task.question == label.question)
    return pair, label.probability is not None


def _lines(ask: QueuedTask) -> Sequence[Sequence[Segment]]:
    evidence = ask.task.evidence
    return lines(segments(ask.task.premise, [evidence] if evidence else []))


def _done(mine: Sequence[Annotation], session: SessionAddress) -> int:
    return sum(label.label != "uncertain" and session.use in (None, label.use) for label in mine)


def _same(questions: AnnotationQueue, mine: Sequence[Annotation]) -> tuple[int, int]:
    """How many of the person's labels the verifier shares, of those that both decided."""
    own_labels = {label.question: label.label for label in mine if label.label != "uncertain"}
    verdicts = [(task, task.checks[0].verdict.label) for task in questions.tasks if task.question in own_labels]
    decided = [(task, label) for task, label in verdicts if label != "uncertain"]
    return sum(own_labels[task.question] == label for task, label in decided), len(decided)

"""Pages for judging pairs one at a time, and for annotator agreement.

The pages work with plain HTML forms. ``static/keys.js`` adds keyboard shortcuts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast, get_args

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from harness import pipeline
from harness.data import labels
from harness.document.segments import group_lines, split_segments
from harness.errors import UsageError
from harness.records import Label, Use
from harness.trust.agreement import document, measure_agreement
from harness.trust.estimates import show_estimates
from harness.trust.labelling import AnnotationQueue, AnnotationSession
from harness.trust.queue import Task
from harness.view.context import (
    Context,
    get_context,
    link,
    parse_count,
    read_annotator,
    read_field,
    read_path,
    remember_annotator,
    render,
)
from harness.view.run_index import NotFoundError, list_record_files

_MAX_NOTE = 2_000  # characters
_MAX_DISPUTES = 200


@dataclass(frozen=True, slots=True)
class JudgeAddress:
    """The parameters in the address of a judging page."""

    run: str
    show_verdicts: bool
    use: Use | None
    """``coverage`` for facts only, ``grounding`` for claims only, None for both."""
    skip: int
    pair: str
    """Id of the pair to judge; empty for the next pair in the queue."""
    back: str
    """The page of the run to return to after the label; empty to continue with the queue."""

    @classmethod
    def of(cls, request: Request) -> JudgeAddress:
        """Parse the address of a request, ignoring invalid values."""
        run, given = request.path_params["run"], request.query_params
        use, back = given.get("use", ""), given.get("back", "")
        return cls(
            run=run,
            show_verdicts=given.get("show_verdicts") == "1",
            use=cast("Use | None", use if use in get_args(Use) else None),
            skip=parse_count(given.get("skip", "")),
            pair=given.get("pair", ""),
            back=back if back.startswith(link("runs", run) + "/") else "",
        )

    def url(self, **changed: Any) -> str:
        fields = {**asdict(self), "show_verdicts": int(self.show_verdicts), **changed}
        return link("runs", fields.pop("run"), "judge", **fields)


def show_pair(request: Request) -> Response:
    """Show the pair in the address, or the next in the queue; without an annotator's name, ask for it first."""
    address, context = JudgeAddress.of(request), get_context(request)
    queue = read_queue(context, address.run)
    if not read_annotator(request) or "who" in request.query_params:
        return _ask_name(request, address.url(), {}, queue)
    session = AnnotationSession(queue, read_annotator(request))
    mine = session.list_labels()
    if address.pair:
        task: Task | None = _find_task(queue, address.pair)
    else:
        waiting = _list_waiting(session, address)
        task = waiting[address.skip % len(waiting)] if waiting else None  # after the last pair, start over
    evidence = [task.evidence] if task and task.evidence else []
    return render(
        request,
        "judge.html.j2",
        run=address.run,
        address=address,
        task=task,
        given=next((label for label in mine if task and label.pair_key == task.pair_key), None),
        last=mine[-1] if mine else None,
        lines=group_lines(split_segments(task.premise, evidence)) if task else (),
        done=sum(label.label != "uncertain" and address.use in (None, label.use) for label in mine),
        total=sum(address.use in (None, task.use) for task in queue.tasks.values()),
    )


def submit_label(request: Request) -> Response:
    """Save or undo a label, then continue; without an annotator's name, ask for it and keep the submission."""
    address = JudgeAddress.of(request)
    queue = read_queue(get_context(request), address.run)
    given_name = read_field(request, "annotator")
    name = queue.find_annotator(given_name) if given_name else read_annotator(request)
    here = f"{read_path(request)}?{request.url.query}".removesuffix("?")
    if not name:
        return _ask_name(request, here, request.state.form, queue)
    session = AnnotationSession(queue, name)
    to = address.back or address.url(pair="")
    if undone := read_field(request, "undo"):
        to = _undo_label(session, undone, address)
    elif given := read_field(request, "label"):
        if given not in get_args(Label):
            raise UsageError(f"{given[:20]!r} is not a label; press one of the buttons")
        task = _find_task(queue, read_field(request, "pair") or address.pair)
        note = read_field(request, "note").replace("\r\n", "\n")[:_MAX_NOTE]
        blind, queued = not address.show_verdicts, not address.pair
        session.submit([session.annotate(task, cast("Label", given), note, blind=blind, queued=queued)])
    else:  # the form had only the name
        to = here
    return remember_annotator(RedirectResponse(to, 303), session.annotator)


def _ask_name(request: Request, action: str, form: Mapping[str, str], queue: AnnotationQueue) -> Response:
    """Ask for the annotator's name, in a form that then submits the fields of ``form`` again."""
    people = Counter(label.annotator for label in queue.read_labels())
    run = request.path_params["run"]
    return render(request, "judge_name.html.j2", run=run, action=action, form=form, people=people)


def read_queue(context: Context, run: str) -> AnnotationQueue:
    """Return the annotation queue of a run, cached until the records, articles or facts change."""
    folder = context.run_index.find_run(run)

    def make() -> tuple[AnnotationQueue, list[Path]]:
        queue = AnnotationQueue(pipeline.read(folder.path))
        articles = {Path(task.item.article.path) for task in queue.tasks.values()}
        facts = {path.with_name("facts.yaml") for path in articles if path.name == "article.md"}
        return queue, [*list_record_files(folder), *articles, *facts]

    return context.queues.get(run, make)


def _list_waiting(session: AnnotationSession, address: JudgeAddress) -> list[Task]:
    return [task for task in session.list_waiting() if address.use in (None, task.use)]


def _find_task(queue: AnnotationQueue, pair: str) -> Task:
    if pair not in queue.tasks:
        raise NotFoundError("this pair is no longer part of the run; continue with the next")
    return queue.tasks[pair]


def _undo_label(session: AnnotationSession, label_id: str, address: JudgeAddress) -> str:
    """Undo a label; return the address that shows the pair again.

    If the pair was drawn at random, the address gives its position in the queue instead of its id, so that the new
    label also counts as a label of a random pair.
    """
    label = next((label for label in session.list_labels() if label.id == label_id), None)
    if label is None:  # already undone in another window
        return address.back or address.url(pair="")
    session.withdraw(label)
    if address.back:
        return address.back
    keys = [task.pair_key for task in _list_waiting(session, address)]
    if label.probability is not None and label.pair_key in keys:
        return address.url(skip=keys.index(label.pair_key), pair="")
    return address.url(skip=0, pair=labels.pair_id(label.pair_key))


def show_agreement(request: Request) -> Response:
    """Show how far people agree with each other and with the verifier of a run."""
    run = request.path_params["run"]
    context = get_context(request)
    results = context.run_index.read_report(run).index.results
    agreement = measure_agreement(results)
    shown = document(agreement, show_estimates(results), _MAX_DISPUTES, link("runs", run, "judge"))
    values = context.find_stale([context.run_index.find_run(run)])
    return render(request, "agreement.html.j2", run=run, agreement=agreement, document=shown, **values)

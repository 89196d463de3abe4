"""``harness label RUN…``."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from harness.cli import outputs
from harness.cli.echo import echo
from harness.cli.options import PATH, trust_option, trusted
from harness.document.format import plural
from harness.errors import UsageError
from harness.files import show

if TYPE_CHECKING:
    from harness.records import Use
    from harness.trust.labelling.label import AnnotationQueue, AnnotationSession


@click.command()
@click.argument("runs", nargs=-1, required=True, type=PATH, metavar="RUN...")
@click.option("--annotator", envvar="HARNESS_ANNOTATOR", metavar="NAME", help="Who judges.  [env: HARNESS_ANNOTATOR]")
@click.option("--use", type=click.Choice(["coverage", "grounding"]), help="Only facts, or only claims.")
@click.option("--show-verdicts", is_flag=True, help="Show verdict and system.")
@click.option("--export", "exported", type=PATH, metavar="FILE", help="Write the unlabelled pairs to a .jsonl instead.")
@click.option("--import", "imported", type=PATH, metavar="FILE", help="Read labels from that .jsonl, filled in.")
@trust_option
def command(
    runs: tuple[Path, ...], annotator: str | None, use: Use | None, show_verdicts: bool, exported: Path | None,
    imported: Path | None, trust: bool,
) -> None:  # fmt: skip  # one signature
    """Judge facts and claims of a run one by one: does the summary say this fact, does the article say this claim?

    Every second pair is one whose label tells most; the others are drawn at random. Labels are kept beside the
    articles, in labels.jsonl, and hold for every run with the same texts.

    \b
    With tools of your own: --export writes lines {"id", "article", "use", "premise", "hypothesis", "label": null,
    "note"}; write supported, contradicted, absent or uncertain (cannot tell) for null, and --import the file.
    """
    from harness import pipeline
    from harness.cli import label_terminal
    from harness.trust.labelling.label import AnnotationQueue, AnnotationSession

    if exported and imported:
        raise UsageError("--export and --import are two steps; give one of them")
    trusted(runs, trust)
    questions = AnnotationQueue([pipeline.read(path) for path in runs], use)
    labelling = AnnotationSession(questions, _name(annotator, questions))
    if exported:
        _export(labelling, exported)
    elif imported:
        _import(labelling, imported)
    else:
        label_terminal.ask(labelling, blind=not show_verdicts)


def _name(annotator: str | None, questions: AnnotationQueue) -> str:
    """Who judges; a name that has labels already, in whichever letters, is kept as it was written, and confirmed where
    it was asked for.

    UsageError where nobody can be asked.
    """
    from harness.trust.labelling import label as labelling

    counts = Counter(label.annotator for label in questions.labels())
    if not annotator and not sys.stdin.isatty():
        raise UsageError("whose labels are these? add --annotator NAME, or set HARNESS_ANNOTATOR")
    name = annotator or labelling.annotator(click.prompt("Your name, as reports will show it"))
    joined = next((each for each in (name, *counts) if each.casefold() == name.casefold() and each in counts), None)
    if joined is None:
        return name
    if annotator:
        if joined != name:
            echo(f"{name}: has labels as {joined}; yours stand under that name", err=True)
        return joined
    labels = plural(counts[joined], "label")
    question = f"{joined} has {labels} on these texts; yours will stand under the same name. Is that you?"
    click.confirm(question, abort=True)
    return joined


def _export(labelling: AnnotationSession, path: Path) -> None:
    from harness.data.labels import exchange as labels_exchange

    outputs.checked(path, ("jsonl",))
    if path.exists():
        raise UsageError(f"{show(path)} is there already, perhaps with labels; --import it, or name another file")
    pairs = [
        {
            "id": ask.task.id,
            "article": ask.task.item.article.id,
            "use": ask.task.use,
            "premise": ask.task.premise,
            "hypothesis": ask.task.hypothesis,
        }
        for ask in labelling.waiting()
    ]
    outputs.write(path, labels_exchange.exported(pairs))
    echo(f"written: {show(path)}, {len(pairs)} pairs; fill in the labels, then: --import {show(path)}")


def _import(labelling: AnnotationSession, path: Path) -> None:
    from harness.data.labels import exchange as labels_exchange
    from harness.trust.labelling.label import SubmittedLabel

    mine = {label.question: label for label in labelling.mine()}
    lines = labels_exchange.returned(path, labelling.questions.queued)
    answers = [
        SubmittedLabel(labelling.questions.queued[line.id], line.label, line.note, marked=False)
        for line in lines
        if line.label
    ]
    new = [
        answer
        for answer in answers
        if (old := mine.get(answer.ask.task.question)) is None
        or (old.label, old.note) != (answer.label, answer.note.strip())
    ]
    labelling.submit(new)
    kept = f"{plural(len(new), 'label')} by {labelling.annotator} kept"
    echo(
        f"{kept}, {len(answers) - len(new)} were there already; {len(labelling.waiting())} pairs are still to be asked"
    )

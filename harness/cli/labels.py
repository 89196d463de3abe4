"""``harness label`` and ``harness agreement``: judge verdicts yourself, and see how far annotators agree."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from harness.cli.options import PATH, seed_option, trust_option
from harness.cli.output import check_output, echo, is_interactive, print_document, warn_of_stale_runs, write_output
from harness.document.format import plural
from harness.errors import UsageError
from harness.files import as_argument, show
from harness.records import Annotation

if TYPE_CHECKING:
    from harness.document.terminal import Console
    from harness.records import Use
    from harness.trust.labelling import AnnotationQueue, AnnotationSession
    from harness.trust.queue import Task


@click.command()
@click.argument("run", type=PATH)
@click.option("--annotator", envvar="HARNESS_ANNOTATOR", metavar="NAME", help="Your name.  [env: HARNESS_ANNOTATOR]")
@click.option(
    "--use", type=click.Choice(["coverage", "grounding"]), help="coverage: only facts; grounding: only claims."
)
@click.option("--show-verdicts", is_flag=True, help="Also show the verdicts and the systems.")
@click.option("--export", "exported", type=PATH, metavar="FILE", help="Write the unlabelled pairs to this .jsonl file.")
@click.option("--import", "imported", type=PATH, metavar="FILE", help="Read the filled-in labels from this file.")
@trust_option("run")
def label(
    run: Path, annotator: str | None, use: Use | None, show_verdicts: bool, exported: Path | None,
    imported: Path | None,
) -> None:  # fmt: skip  # one signature
    """Judge the facts and claims of a run one by one: is the fact in the summary, the claim in the article?

    Every second pair is chosen because its verdict is uncertain or its fact is important; the rest are drawn at random.
    harness stores the labels next to the articles, in labels.jsonl; they apply to every run with the same texts.

    To label elsewhere, write the pairs to a file with --export, replace the null after each "label" with "supported",
    "contradicted", "absent" or "uncertain" (cannot tell), then --import the file.
    """
    from harness import pipeline
    from harness.trust.labelling import AnnotationQueue, AnnotationSession

    if exported and imported:
        raise UsageError("--export and --import cannot be combined; export first, then import")
    if show_verdicts and (exported or imported):
        raise UsageError("--show-verdicts works only in the terminal; drop it, or drop --export and --import")
    queue = AnnotationQueue(pipeline.read(run), use)
    session = AnnotationSession(queue, _choose_annotator(annotator, queue))
    if exported:
        _export_pairs(session, exported)
    elif imported:
        _import_labels(session, imported)
    else:
        _label_in_terminal(session, blind=not show_verdicts)


def _choose_annotator(name: str | None, queue: AnnotationQueue) -> str:
    """Return the annotator's name, spelled as in earlier labels. In a terminal, ask for a missing name."""
    if not name and not is_interactive():
        raise UsageError("whose labels are these? add --annotator NAME, or set HARNESS_ANNOTATOR")
    chosen = (name or click.prompt("Your name, as reports will show it")).strip()
    known = queue.find_annotator(chosen)
    if known != chosen:
        echo(f"{chosen}: earlier labels are by {known}; yours are stored under that name", err=True)
    return known


def _export_pairs(session: AnnotationSession, path: Path) -> None:
    check_output(path, ("jsonl",))
    if path.exists():
        raise UsageError(f"{show(path)} already exists and may hold labels; --import it, or name another file")
    pairs = [
        {"id": each.id, "article": each.item.article.id, "use": each.use, "premise": each.premise,
         "hypothesis": each.hypothesis, "label": None, "note": ""} for each in session.list_waiting()
    ]  # fmt: skip  # one record
    write_output(path, "".join(json.dumps(pair, ensure_ascii=False) + "\n" for pair in pairs))
    wrote = f"wrote {plural(len(pairs), 'pair')} to {show(path)}"
    echo(f"{wrote}; fill in the labels, then repeat the command with --import {as_argument(path)} instead of --export")


def _import_labels(session: AnnotationSession, path: Path) -> None:
    from harness.data import labels

    mine = {label.pair_key: (label.label, label.note) for label in session.list_labels()}
    answers = [
        session.annotate(session.queue.tasks[line.id], line.label, line.note or "", marked=False)
        for line in labels.read_imported(path, session.queue.tasks)
        if line.label
    ]
    new = [answer for answer in answers if mine.get(answer.pair_key) != (answer.label, answer.note)]
    session.submit(new)
    added, left = plural(len(new), "label"), plural(len(session.list_waiting()), "pair")
    echo(f"added {added} by {session.annotator} ({len(answers) - len(new)} already known); {left} left")


def _label_in_terminal(session: AnnotationSession, *, blind: bool) -> None:
    """Show the pairs one by one and read a key for each, until no pair is left or the annotator quits."""
    from harness.document.labels import KEYS, MARKS
    from harness.document.terminal import Console

    if not is_interactive():
        raise UsageError(
            "labelling with keys needs a terminal; without one, judge in the browser (harness view), or write the "
            "pairs to a file with --export FILE.jsonl, fill in the labels, and read them with --import FILE.jsonl"
        )
    console, given = Console(), list[Annotation]()
    by_key = {key: label for label, key in KEYS.items()}
    while True:
        undecided = {label.pair_key for label in given if label.label == "uncertain"}
        task = next((each for each in session.list_waiting() if each.pair_key not in undecided), None)
        if task is None:
            break
        _show_pair(task, console, blind=blind)
        labels = [f"[{key}] {MARKS[label].word(task.use)}" for key, label in by_key.items()]
        echo("  ".join([*labels, "[u]ndo", "[q]uit"]))
        key = ""
        while key not in (*by_key, "q") and not (key == "u" and given):
            try:
                key = click.getchar(echo=False).lower()
            except (KeyboardInterrupt, EOFError):
                key = "q"
        if key == "q":
            break
        if key == "u":
            session.withdraw(given.pop())
        else:
            given += session.submit([session.annotate(task, by_key[key], blind=blind)])
    waiting, total = len(session.list_waiting()), len(session.queue.tasks)
    echo(f"{plural(len(given), 'label')} given; {waiting:,} of {total:,} pairs left")


def _show_pair(task: Task, console: Console, *, blind: bool) -> None:
    """Print the premise with its evidence in reverse video, then the hypothesis."""
    from rich.text import Text

    from harness.document.format import plain, visible
    from harness.document.labels import MARKS, name_verifier

    article, text = task.item.article, task.premise
    start, end = (task.evidence.start, task.evidence.end) if task.evidence else (0, 0)
    parts = (visible(text[:start]), (visible(text[start:end]), "reverse"), visible(text[end:]))
    verdicts = [f"{each.system}: {MARKS[each.verdict.label].word(each.use)} ({name_verifier(each.verdict)})"
                for each in task.checks if not blind]  # fmt: skip
    lines = [
        Text(f"── {plain(article.title or article.id)} ──", "dim"),
        Text.assemble(*parts),
        Text(f"Does the {'summary' if task.use == 'coverage' else 'article'} say this?", "dim"),
        Text(plain(task.hypothesis), "bold"),
        *(Text(plain(verdict), "dim") for verdict in verdicts),
    ]
    for line in lines:
        console.print(line, "", sep="\n", highlight=False)


@click.command()
@click.argument("run", type=PATH)
@click.option("--ratings", type=PATH, metavar="FILE", help="Compare the run's scores with people's ratings instead.")
@click.option("--column", "columns", multiple=True, metavar="NAME", help="Use this column of the ratings (repeatable).")
@seed_option
@click.option("-o", "--output", type=PATH, metavar="FILE", help="Also write the report to a .md file.")
@trust_option("run")
def agreement(run: Path, ratings: Path | None, columns: tuple[str, ...], seed: int, output: Path | None) -> None:
    """Measure how far annotators agree with each other and with the verifier.

    The report shows Cohen's kappa and Krippendorff's alpha by kind of fact, who labelled what, disputed verdicts, and
    estimates for the whole run.

    \b
    --ratings reads .jsonl or .csv with a row for each summary, and correlates each column of numbers with the scores:
      {"article_id", "system", "sample"?, "summary"?, "coherence": 4, "fluency": [5, 4]}   a number, or one per person
    """
    from harness import api, pipeline
    from harness.data.ratings import read_ratings
    from harness.trust import agreement as annotators
    from harness.trust import ratings as rated
    from harness.trust.estimates import show_estimates

    if output:
        check_output(output, ("md",))
    if columns and not ratings:
        raise UsageError("--column needs --ratings FILE, the file that has the column")
    warn_of_stale_runs([run])
    if ratings:
        results = api.open_run(run).results
        document = rated.document(rated.measure_ratings(results, read_ratings(ratings, columns), show(ratings), seed))
    else:
        results = pipeline.read(run)
        measured, command = annotators.measure_agreement(results), f"harness label {as_argument(run)}"
        document = annotators.document(measured, show_estimates(results), label_command=command)
    print_document(document, output)

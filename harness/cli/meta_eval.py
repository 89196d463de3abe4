"""``harness meta-eval DATA.jsonl…``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from harness.cli import outputs
from harness.cli.echo import echo
from harness.cli.options import PATH, quiet_option, trust_option, trusted
from harness.document.format import plural
from harness.errors import UsageError

if TYPE_CHECKING:
    from harness.data.pairs.labelled import Corpus
    from harness.seams import Verifier


@click.command()
@click.argument("data", nargs=-1, type=PATH, metavar="[DATA]...")
@click.option(
    "--verifier",
    "kinds",
    multiple=True,
    default=["entailment"],
    show_default=True,
    metavar="KIND",
    help="A verifier to measure, or a config that names one; as often as needed.",
)
@click.option(
    "--set",
    "options",
    multiple=True,
    metavar="OPTION=VALUE",
    help="An option of it; KIND.OPTION=VALUE where several are measured.",
)
@click.option("--dataset", metavar="NAME", help="A data set: owner/name or owner/name:config of the hub, or a path.")
@click.option("--split", default="", show_default="test", metavar="NAME", help="Split of the data set.")
@click.option("--map", "columns", default="", metavar="KEY=COLUMN,…", help="Its columns: premise=doc,hypothesis=claim.")
@click.option("--labels", default="", metavar="VALUE=LABEL,…", help="Its labels: 1=supported,0=unsupported.")
@click.option("--limit-groups", type=click.IntRange(1), metavar="N", help="Only the first N groups of each file.")
@click.option("--no-floor", is_flag=True, help="Do not measure lexical beside it.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of folds and resampling.")
@trust_option
@click.option("-o", "--output", multiple=True, type=PATH, help="Write a .md or a .json too; as often as needed.")
@click.option("--plot", type=PATH, help="Draw the reliability plot: .svg, .png or .pdf.")
@quiet_option
def command(
    data: tuple[Path, ...], kinds: tuple[str, ...], options: tuple[str, ...], dataset: str | None, split: str,
    columns: str, labels: str, limit_groups: int | None, no_floor: bool, seed: int, trust: bool,
    output: tuple[Path, ...], plot: Path | None, quiet: bool,
) -> None:  # fmt: skip  # one signature
    """Measure how well verifiers agree with people, on their labels in DATA: a run's folder, or a .jsonl file.

    \b
    reads   {"premise", "hypothesis", "label", "group"?, "system"?}
            {"premise", "hypotheses": [], "labels": [], "group"?, "system"?}
            {"premise", "supported", "contradicted", "group"?, "kind"?}   two summaries of an article

    Labels are supported, contradicted, absent, or unsupported. A threshold is fitted on other groups than it is tried
    on. If a verifier learned from DATA, the report says so.
    """
    from harness import progress
    from harness.cli.console import Console
    from harness.cli.labelled import corpus as read
    from harness.cli.labelled import is_run
    from harness.data.pairs import data_set
    from harness.document import markdown, terminal
    from harness.trust.meta_eval import reliability
    from harness.trust.meta_eval import report as meta_eval
    from harness.trust.meta_eval.meta_eval import compare

    progress.quiet = quiet
    for path in output:
        outputs.checked(path, ("md", "json"))
    if plot:
        outputs.checked(plot, ("svg", "png", "pdf"))
    trusted([path for path in data if is_run(path)], trust)
    verifiers = _verifiers(list(dict.fromkeys(kinds)), options)
    floor = None if no_floor else _floor(verifiers.values())
    corpora = [read(path) for path in data]
    for option, given in (("--split", split), ("--map", columns), ("--labels", labels)):
        if given and not dataset:
            raise UsageError(f"{option} {given} is of a data set; name it with --dataset, or leave {option} out")
    if dataset:
        columns_by_key, label_by_word = _pairs("--map", columns), _pairs("--labels", labels)
        corpora.append(data_set.read(data_set.HubSet(dataset, split or "test", columns_by_key, label_by_word)))
    labelled = _labelled(corpora, limit_groups)
    comparisons = [compare(corpus, verifiers, seed, floor) for corpus in labelled]
    document = meta_eval.document(comparisons, list(verifiers))
    for path in output:
        as_json = path.suffix.lower() == ".json"
        outputs.write(path, meta_eval.as_json(comparisons, seed) if as_json else markdown.render(document))
    if plot:
        reliability.draw(comparisons, plot)
    terminal.show(document, Console())


def _labelled(corpora: Iterable[Corpus], limit_groups: int | None) -> list[Corpus]:
    """The corpora that hold labels, cut to their first groups where a limit is set; the others are reported."""

    labelled = []
    for corpus in corpora:
        if corpus.judgements or corpus.edits:
            labelled.append(corpus.first(limit_groups) if limit_groups else corpus)
        else:
            what = f"{corpus.unlabelled} articles or outputs"
            if corpus.unsure:
                what = f"of {plural(corpus.unsure, 'row')} people could not tell, or disagreed"
            echo(f"{corpus.name} holds no labels ({what}); left out", err=True)
    if not labelled:
        raise UsageError("no label was found; name a file that has labels, or a data set with --dataset")
    return labelled


def _verifiers(kinds: list[str], options: tuple[str, ...]) -> dict[str, Verifier]:
    """The verifiers with their options, by what they were asked for as."""
    from harness import config

    options_by_kind: dict[str, list[str]] = {kind: [] for kind in kinds}
    for option in options:
        addressed = [kind for kind in kinds if option.startswith(f"{kind}.")]
        if len(kinds) > 1 and not addressed:
            raise UsageError(f"--set {option}: name the verifier that it is for, as {kinds[0]}.{option}")
        kind = kinds[0] if len(kinds) == 1 else max(addressed, key=len)  # a plugin's and a file's name have dots too
        options_by_kind[kind].append(option if len(kinds) == 1 else option.removeprefix(f"{kind}."))
    return {kind: config.load_verifier(kind, each) for kind, each in options_by_kind.items()}


def _floor(verifiers: Iterable[Verifier]) -> Verifier | None:
    """The verifier that the others are shown beside; None where it is one of them."""
    from harness import config
    from harness.trust.meta_eval.meta_eval import FLOOR

    lexical = config.load_verifier(FLOOR)
    return None if lexical.signature() in {each.signature() for each in verifiers} else lexical


def _pairs(option: str, text: str) -> dict[str, str]:
    """``a=b,c=d`` as a mapping."""

    mapping = {}
    for part in filter(None, text.split(",")):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not (key and equals and value):
            raise UsageError(f"{option} {text}: {part!r} is not KEY=VALUE; write several with commas between")
        mapping[key] = value
    return mapping

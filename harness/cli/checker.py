"""``harness verify``, ``meta-eval``, ``calibrate`` and ``selftest``: use a verifier without a run, and measure it."""

from __future__ import annotations

import json
import sys
from collections import Counter
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from harness import progress
from harness.cli.options import (
    NO_MODELS,
    PATH,
    override_limit_option,
    override_option,
    quiet_option,
    seed_option,
    set_option,
    trust_option,
    verifier_options,
)
from harness.cli.output import check_output, echo, print_document, write_output
from harness.document.format import plural
from harness.errors import UsageError
from harness.files import as_argument, as_text, read_text, show

if TYPE_CHECKING:
    from harness.data.pairs import Corpus
    from harness.seams import Verifier


@click.command()
@click.argument("source", metavar="IN", type=click.Path(path_type=Path, allow_dash=True))
@click.option("-o", "--output", type=click.Path(allow_dash=True), default="-", help="File to write (default: stdout).")
@verifier_options
@quiet_option()
def verify(source: Path, output: str, kind: str, options: tuple[str, ...]) -> None:
    """Check each hypothesis in IN (JSONL; - for stdin) against its premise.

    \b
    reads   {"id"?, "premise", "hypothesis", "accepted"?: [], "contrasts"?: [], "language"?}
            {"id"?, "premise", "hypotheses": [], "language"?}
    writes  {"id", "hypothesis", "label", "probabilities", "evidence", "verifier", "reason"?, "differences",
             "abstained"} for each hypothesis, in order

    "accepted" lists other wordings of the hypothesis, "contrasts" its false versions. The label is supported,
    contradicted, absent or uncertain; standard error shows how many hypotheses got each label, and how many could not
    be checked. If IN is invalid or the first batch fails, an existing output file stays as it is.
    """
    from harness import config
    from harness.data import pairs
    from harness.stages.verify import verify_pairs

    verifier = config.load_verifier(kind, options)
    is_stdin = str(source) == "-"
    text = as_text(sys.stdin.buffer.read(), "stdin") if is_stdin else read_text(source)
    hypotheses = pairs.read_unlabelled(text, Path("stdin") if is_stdin else source)
    if output != "-":
        check_output(Path(output))
        if source.exists() and Path(output).exists() and source.samefile(output):
            raise UsageError(f"{output} is also the input; choose another file with -o")
    lines = verify_pairs(hypotheses, verifier)
    first = list(islice(lines, 1))  # before opening the output, so that an early failure leaves an old file alone
    labels: Counter[str] = Counter()
    with click.open_file(output, "w", encoding="utf-8") as stream:
        for line in chain(first, lines):
            verdict = json.loads(line)
            labels["not checked" if verdict["abstained"] else verdict["label"]] += 1
            stream.write(f"{line}\n")
            stream.flush()
    if not progress.quiet:
        counts = ", ".join(f"{count:,} {label}" for label, count in labels.most_common())
        written = "" if output == "-" else f"; written: {show(Path(output))}"
        echo(f"{plural(labels.total(), 'pair')}: {counts or 'nothing to verify'}{written}", err=True)


@click.command()
@click.argument("data", nargs=-1, required=True, type=PATH, metavar="DATA...")
@click.option(
    "--verifier", "kinds", multiple=True, default=["entailment"], show_default=True, metavar="KIND",
    help="A verifier to measure, or a config that names one (repeatable).",
)  # fmt: skip  # two lines per option
@click.option(
    "--set", "options", multiple=True, metavar="OPTION=VALUE",
    help="Set a verifier's option; with several verifiers, write KIND.OPTION=VALUE (repeatable).",
)  # fmt: skip  # two lines per option
@click.option("--no-floor", is_flag=True, help="Leave out the baseline, the lexical verifier.")
@seed_option
@trust_option("data")
@click.option("-o", "--output", multiple=True, type=PATH, help="Also write the report as .md or .json (repeatable).")
@quiet_option()
def meta_eval(
    data: tuple[Path, ...], kinds: tuple[str, ...], options: tuple[str, ...], no_floor: bool, seed: int,
    output: tuple[Path, ...],
) -> None:  # fmt: skip  # one signature
    """Measure how well verifiers agree with people's labels in DATA: a run's folder, or a .jsonl file.

    \b
    reads   {"premise", "hypothesis", "label", "group"?, "system"?}
            {"premise", "hypotheses": [], "labels": [], "group"?, "system"?}
            {"premise", "supported", "contradicted", "group"?, "kind"?}   two summaries of an article

    A label is supported, contradicted, absent, or unsupported. harness fits thresholds to some groups of rows and tests
    them on the others. If a verifier was fitted to DATA, the report says so.
    """
    from harness import config
    from harness.document import markdown
    from harness.trust import meta_eval

    for path in output:
        check_output(path, ("md", "json"))
    verifiers = _load_verifiers(list(dict.fromkeys(kinds)), options)
    floor = None if no_floor else config.load_verifier(meta_eval.FLOOR)
    if floor and floor.signature() in {each.signature() for each in verifiers.values()}:
        floor = None
    corpora = []
    for corpus in map(_read_labels, data):
        if corpus.labelled or corpus.edits:
            corpora.append(corpus)
        else:
            rows = f"{plural(corpus.unsure, 'row')} on which people could not decide or disagreed"
            echo(f"{corpus.name}: skipped, because it has only {rows}", err=True)
    if not corpora:
        raise UsageError("no labels found; name a file that has labels")
    comparisons = [meta_eval.compare_verifiers(corpus, verifiers, seed, floor) for corpus in corpora]
    document = meta_eval.document(comparisons, list(verifiers))
    for path in output:
        as_json = path.suffix.lower() == ".json"
        write_output(path, meta_eval.as_json(comparisons, seed) if as_json else markdown.render(document))
    print_document(document)


def _read_labels(path: Path) -> Corpus:
    """Read the labels of the run in a folder, or of a JSONL file; raise UsageError if a run has none."""
    from harness import pipeline
    from harness.data import pairs
    from harness.trust.labelling import build_corpus

    if not path.is_dir():
        return pairs.read_labelled(path)
    labels = build_corpus(pipeline.read(path))
    if not (labels.labelled or labels.unsure):
        raise UsageError(
            f"{show(path)} has no labels yet; judge some verdicts first: harness label {as_argument(path)}"
        )
    return labels


def _load_verifiers(kinds: list[str], options: tuple[str, ...]) -> dict[str, Verifier]:
    """Load the verifiers; return them by the kind or file that the user named."""
    from harness import config

    options_by_kind: dict[str, list[str]] = {kind: [] for kind in kinds}
    for option in options:
        addressed = [kind for kind in kinds if option.startswith(f"{kind}.")]
        if len(kinds) > 1 and not addressed:
            raise UsageError(f"--set {option}: name the verifier it belongs to, e.g. {kinds[0]}.{option}")
        kind = kinds[0] if len(kinds) == 1 else max(addressed, key=len)  # prefer x.y to x
        options_by_kind[kind].append(option if len(kinds) == 1 else option.removeprefix(f"{kind}."))
    return {kind: config.load_verifier(kind, each) for kind, each in options_by_kind.items()}


@click.command()
@click.argument("labels", type=PATH)
@verifier_options
@click.option("-o", "--output", required=True, type=PATH, help="The .json file to write.")
@click.option(
    "--uncertain-cost", "cost", type=click.FloatRange(0, 0.5, min_open=True), default=0.4, show_default=True,
    metavar="COST", help="Cost of an uncertain verdict; a wrong one costs 1.",
)  # fmt: skip  # more compact
@seed_option
@trust_option("labels")
@quiet_option()
def calibrate(
    labels: Path, kind: str, options: tuple[str, ...], output: Path, cost: float, seed: int
) -> None:  # fmt: skip  # one or two lines per option
    """Fit a verifier's probabilities, threshold and uncertain band to people's labels (at least 30).

    LABELS is the folder of a run whose verdicts people have labelled (harness label), or a .jsonl file of lines
    {"premise", "hypothesis", "label", "group"?} or {"premise", "hypotheses", "labels", "group"?}. A label is supported,
    contradicted, absent, or unsupported. The printed numbers are out of fold: each row is tested with a fit to the
    other groups.
    """
    from harness import config
    from harness.trust import calibrate as stage

    check_output(output, ("json",))
    verifier = stage.require_calibratable(config.load_verifier(kind, options))
    calibrated = stage.calibrate(verifier, _read_labels(labels), seed, cost)
    write_output(output, calibrated.file.model_dump_json(indent=1) + "\n")
    print_document(stage.document(kind, calibrated))
    echo(f"wrote {show(output)}; to use it, set its path (relative to the config) as a verifier option:")
    echo(f"    calibration: {show(output)}")


@click.command()
@click.argument("config", type=PATH)
@set_option()
@override_limit_option
@override_option(
    "--seed", type=click.IntRange(0), metavar="N", help="Random seed for the injected errors (default: the config's)."
)
@click.option(
    "--each", type=click.IntRange(1), default=3, show_default=True, metavar="N",
    help="At most N errors of each kind per reference or fact.",
)  # fmt: skip  # more compact
@click.option("-o", "--output", type=PATH, metavar="FILE", help="Also write the report to a .md file.")
@quiet_option()
def selftest(config: Path, overrides: list[str], each: int, output: Path | None) -> None:
    """Inject errors into the references and facts of CONFIG's articles, and count how many its verifier notices.

    The errors are wrong numbers, wrong dates, wrong names, negations, swapped names, and invented details. Intact texts
    and accepted wordings of facts are the control. CONFIG's models do not run, and only English articles are tested.
    Rules inject the errors, so some sentences read oddly. Compare kinds of error; do not expect 100%.
    """
    from harness import config as configs
    from harness.data import articles
    from harness.trust import selftest as stage

    if output:
        check_output(output, ("md",))
    loaded = configs.load(config, [*overrides, *NO_MODELS])
    print_document(stage.run(loaded, articles.load(*loaded.articles, limit=loaded.limit), each), output)

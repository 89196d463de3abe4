"""``harness calibrate LABELS -o FILE``."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import click

from harness.cli import outputs
from harness.cli.echo import echo
from harness.cli.options import PATH, judging, quiet_option, trust_option, trusted
from harness.files import show

_PLAIN = re.compile(r"[\w./\\-]+(?::[\w./\\-]+)*")
"""What needs no quotation marks in YAML."""


@click.command()
@click.argument("labels", nargs=-1, required=True, type=PATH, metavar="LABELS...")
@judging
@click.option("-o", "--output", required=True, type=PATH, help="File to write: .json.")
@click.option(
    "--uncertain-cost", "cost", type=click.FloatRange(0, 0.5, min_open=True), default=0.4, show_default=True,
    help="What an uncertain verdict costs; a wrong one costs 1.",
)  # fmt: skip  # one option
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of folds and resampling.")
@trust_option
@quiet_option
def command(
    labels: tuple[Path, ...], kind: str, options: tuple[str, ...], output: Path, cost: float, seed: int,
    trust: bool, quiet: bool,
) -> None:  # fmt: skip  # one signature
    """Fit a verifier's probabilities, threshold and band of uncertain verdicts to people's labels, at least 30.

    LABELS is the folder of a run whose verdicts people have labelled (harness label), or a .jsonl file of lines
    {"premise", "hypothesis", "label", "group"?} or {"premise", "hypotheses", "labels", "group"?}; the label is
    supported, contradicted, absent, or unsupported. The numbers that are printed were measured out of fold: each label
    was judged by a fit to other groups.

    \b
    A config names the file:   verifier: {kind: lexical, calibration: FILE}
    """
    from harness import config, progress
    from harness.cli.console import Console
    from harness.cli.labelled import corpus, is_run
    from harness.document import terminal
    from harness.trust.calibrate import calibrate as stage
    from harness.trust.calibrate import report

    progress.quiet = quiet
    outputs.checked(output, ("json",))
    trusted([path for path in labels if is_run(path)], trust)
    verifier = stage.calibratable(config.load_verifier(kind, options))
    calibrated = stage.calibrate(verifier, [corpus(path) for path in labels], seed, cost)
    outputs.write(output, calibrated.file.model_dump_json(indent=1) + "\n")
    terminal.show(report.document(kind, calibrated), Console())
    echo(f"written: {show(output)}\n{_use(kind, options, show(output))}")


def _use(kind: str, options: Sequence[str], output: str) -> str:
    """How a config names the file, with the options that the verifier was calibrated with."""
    from harness.data.yaml import parse_value

    given = [option.removeprefix("verifier.").partition("=") for option in options]
    values = [f"{key}: {_in_a_mapping(text, parse_value(text))}" for key, _, text in given]
    written = ", ".join([*values, f"calibration: {_in_a_mapping(output, output)}"])
    if Path(kind).suffix in (".yaml", ".yml"):
        return f"the verifier of {kind} takes this, with paths relative to that file: {written}"
    return f"a config in this folder names it: verifier: {{kind: {_in_a_mapping(kind, kind)}, {written}}}"


def _in_a_mapping(text: str, value: object) -> str:
    """The value as it can stand within ``{…}``: as it is typed, or as JSON where YAML would read a mark of it."""
    return text if _PLAIN.fullmatch(text) else json.dumps(value, ensure_ascii=False)

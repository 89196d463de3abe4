"""Which kinds of errors does a verifier miss?

    python benchmarks/quality/kinds.py [--verifier KIND] [--set OPTION=VALUE]…

Prints the table of ``kinds.md``. ``kinds.yaml`` has statements about five short texts, written by hand: true statements
in other words, and false statements, mostly in the text's own words, by kind of error (similar to Pagnoni et al. 2021).
``lexical``, which compares words, is measured too.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from ruamel.yaml import YAML

from benchmarks.common import add_verifier
from harness import config
from harness.records import Label, Pair
from harness.seams import Verifier

STATEMENTS = Path(__file__).with_suffix(".yaml")
TRUE = "true, in other words"
PEER = "lexical"
SHOWN: tuple[Label, ...] = ("supported", "contradicted")


def read_statements() -> dict[str, list[Pair]]:
    """Read the statements with their texts, by kind of error; the true statements come first."""
    statements: dict[str, list[Pair]] = defaultdict(list)
    for entry in YAML(typ="safe").load(STATEMENTS.read_text("utf-8")):
        for kind, texts in {TRUE: entry["right"], **entry["wrong"]}.items():
            statements[kind] += [Pair(entry["text"], text) for text in texts]
    return statements


def tabulate(statements: Mapping[str, Sequence[Pair]], verifiers: Mapping[str, Verifier]) -> list[str]:
    """Count the supported and the contradicted statements, by verifier: true, all false, and each kind of error."""
    false = [pair for kind, pairs in statements.items() if kind != TRUE for pair in pairs]
    rows = {TRUE: statements[TRUE], "all false": false}
    headings = [f"{name}: {label}" for name in verifiers for label in SHOWN]
    lines = [f"| | n | {' | '.join(headings)} |", f"|---|---|{'---|' * len(headings)}"]
    for kind, pairs in {**rows, **statements}.items():
        counts = [Counter(verdict.label for verdict in verifier.verify(pairs)) for verifier in verifiers.values()]
        cells = [str(count[label]) for count in counts for label in SHOWN]
        lines.append(f"| {kind} | {len(pairs)} | {' | '.join(cells)} |")
    return lines


def list_errors(statements: Mapping[str, Sequence[Pair]], verifier: Verifier) -> list[str]:
    """List the true statements that the verifier does not support, and the false ones that it supports."""
    lines = []
    for kind, pairs in statements.items():
        for pair, verdict in zip(pairs, verifier.verify(pairs), strict=True):
            if (verdict.label == "supported") != (kind == TRUE):
                probability = f"{verdict.probabilities.supported:.2f}"
                lines.append(f"- {kind}: {pair.hypothesis} ({verdict.label}, P(supported) {probability})")
    return lines


def main() -> None:
    command = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_verifier(command)
    given = command.parse_args()
    verifier = config.load_verifier(given.verifier, given.options)
    statements = read_statements()
    both = {given.verifier: verifier, PEER: config.load_verifier(PEER, [])}
    lines = [date.today().isoformat(), "", *tabulate(statements, both), "", "What the verifier gets wrong:", ""]
    print(*lines, *list_errors(statements, verifier), sep="\n")  # noqa: T201  # the command's output


if __name__ == "__main__":
    main()

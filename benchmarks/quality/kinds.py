"""Which kinds of errors does a verifier miss?

    python benchmarks/quality/kinds.py [--verifier KIND] [--set OPTION=VALUE]…

Statements about five short texts, by hand (``kinds.yaml``): true ones in other words, and false ones, mostly in words
of the text, by the kind of their error, much as Pagnoni et al. 2021 sort them. ``lexical``, which compares words, is
the peer. Prints the table that ``benchmarks/quality/kinds.md`` keeps.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from ruamel.yaml import YAML

from harness import config
from harness.records import Label, Pair
from harness.seams import Verifier

STATEMENTS = Path(__file__).with_suffix(".yaml")
TRUE = "true, in other words"
PEER = "lexical"
SHOWN: tuple[Label, ...] = ("supported", "contradicted")


def questions() -> dict[str, list[Pair]]:
    """The pairs by the kind of their error; the true ones first."""
    found: dict[str, list[Pair]] = defaultdict(list)
    for entry in YAML(typ="safe").load(STATEMENTS.read_text("utf-8")):
        for kind, statements in {TRUE: entry["right"], **entry["wrong"]}.items():
            found[kind] += [Pair(entry["text"], statement) for statement in statements]
    return found


def table(found: dict[str, list[Pair]], verifiers: Mapping[str, Verifier]) -> list[str]:
    """A line a kind, and one for all that are false: how many are supported and contradicted, by each verifier."""
    rows = {TRUE: found[TRUE], "all that are false": [pair for kind in found if kind != TRUE for pair in found[kind]]}
    headings = [f"{name}: {label}" for name in verifiers for label in SHOWN]
    lines = [f"| | n | {' | '.join(headings)} |", f"|---|---|{'---|' * len(headings)}"]
    for kind, pairs in {**rows, **found}.items():
        labels = [Counter(verdict.label for verdict in verifier.verify(pairs)) for verifier in verifiers.values()]
        cells = [str(counted[label]) for counted in labels for label in SHOWN]
        lines.append(f"| {kind} | {len(pairs)} | {' | '.join(cells)} |")
    return lines


def missed(found: dict[str, list[Pair]], verifier: Verifier) -> list[str]:
    """The statements that the verifier gets wrong: true ones that it does not support, and false ones that it does."""
    lines = []
    for kind, pairs in found.items():
        for pair, verdict in zip(pairs, verifier.verify(pairs), strict=True):
            if (verdict.label == "supported") != (kind == TRUE):
                probability = f"{verdict.probabilities.supported:.2f}"
                lines.append(f"- {kind}: {pair.hypothesis} ({verdict.label}, P(supported) {probability})")
    return lines


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--verifier", default="entailment")
    options.add_argument("--set", action="append", default=[], dest="overrides")
    given = options.parse_args()
    verifier = config.load_verifier(given.verifier, given.overrides)
    found = questions()
    both = {given.verifier: verifier, PEER: config.load_verifier(PEER, [])}
    print(f"{date.today().isoformat()}\n", *table(found, both), "\nWhat it gets wrong:\n", sep="\n")  # noqa: T201
    print(*missed(found, verifier), sep="\n")  # noqa: T201  # the command's output


if __name__ == "__main__":
    main()

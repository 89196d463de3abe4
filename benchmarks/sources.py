"""Measure how the default verifier checks claims about several documents, and about dialogues: 40 statements each.

    python -m benchmarks.sources documents > benchmarks/quality/documents.md
    python -m benchmarks.sources dialogues > benchmarks/quality/dialogues.md

The statements are in ``quality/documents.jsonl`` and ``quality/dialogues.jsonl``, written by hand, each with its kind.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any, get_args

import harness
from harness.records import Label

KINDS = {
    "documents": {
        "faithful": "faithful to one document",
        "joined": "joins two documents, faithful",
        "mixed": "a value or name of another document",
        "error": "a wrong value or name",
        "invented": "in no document",
    },
    "dialogues": {
        "faithful": "faithful to one turn",
        "joined": "joins two turns, faithful",
        "speaker": "the words or acts of another speaker",
        "error": "a wrong value, name or outcome",
        "invented": "in no turn",
    },
}
TEXTS = {"documents": "4 groups of 3 short documents", "dialogues": "4 dialogues"}


def main() -> None:
    command = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    command.add_argument("source", choices=KINDS)
    source = command.parse_args().source
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    file = Path(__file__).parent / "quality" / f"{source}.jsonl"
    for group in map(json.loads, file.read_text("utf-8").splitlines()):
        statements = group.pop("statements")
        summary = " ".join(each["statement"] for each in statements)
        claims = harness.evaluate([group], [summary], scorers=["faithfulness"]).claims
        for each, (_, claim) in zip(statements, claims.iterrows(), strict=True):
            counts[each["kind"]].update(["all", claim["label"], *["right"] * _has_right_document(each, claim)])
    heads, explanation = ["statement", "number", "supported", "contradicted", "not in the article", "undecided"], ""
    if source == "documents":
        heads.append("evidence")
        explanation = ' "Evidence" counts\nthe statements whose evidence is in a document that they are about.'
    sys.stdout.write(
        f"# Claims about {source}\n\n"
        f"Made by `python -m benchmarks.sources {source}` from 40 statements, written by hand, about {TEXTS[source]}."
        f"{explanation}\n\n| {' | '.join(heads)} |\n|{'---|' * len(heads)}\n"
    )
    for kind, title in KINDS[source].items():
        cells = [title, counts[kind]["all"], *(counts[kind][label] for label in get_args(Label))]
        if source == "documents":
            cells.append("–" if kind == "invented" else counts[kind]["right"])
        sys.stdout.write(f"| {' | '.join(map(str, cells))} |\n")


def _has_right_document(statement: dict[str, str], claim: Any) -> bool:
    """True if the claim's evidence is in a document that the statement is about."""
    named = set((claim.get("document") or "none").split(" and "))
    return named <= set(statement.get("documents", "").split(" and "))


if __name__ == "__main__":
    main()

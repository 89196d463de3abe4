"""Measure how the default verifier checks claims about several documents: 40 statements, 4 groups of 3 documents.

    python benchmarks/several_documents.py > benchmarks/quality/several_documents.md

The statements in ``quality/several_documents.jsonl`` were written by hand, each with its kind and its documents.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import get_args

import harness
from harness.records import Label

DATA = Path(__file__).parent / "quality" / "several_documents.jsonl"
KINDS = {
    "faithful": "faithful to one document",
    "joined": "joins two documents, faithful",
    "mixed": "a value or name of another document",
    "error": "a wrong value or name",
    "invented": "in no document",
}
HEADER = """\
# Claims about several documents

Made by `python benchmarks/several_documents.py` from 40 statements, written by hand, about 4 groups of 3 short
documents. "Evidence" counts the claims whose evidence is in a document that the statement is about.

| statement | number | supported | contradicted | not in the article | undecided | evidence |
|---|---|---|---|---|---|---|
"""


def main() -> None:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for line in DATA.read_text("utf-8").splitlines():
        group = json.loads(line)
        statements = group.pop("statements")
        summary = " ".join(each["statement"] for each in statements)
        claims = harness.evaluate([group], [summary], scorers=["faithfulness"]).claims
        for each, (_, claim) in zip(statements, claims.iterrows(), strict=True):
            named = set((claim["document"] or "none").split(" and "))
            right = named <= set(each["documents"].split(" and "))
            counts[each["kind"]].update(["all", claim["label"], *["right"] * right])
    rows = [_row(title, counts[kind], kind != "invented") for kind, title in KINDS.items()]
    sys.stdout.write(HEADER + "".join(f"| {' | '.join(row)} |\n" for row in rows))


def _row(title: str, counts: Mapping[str, int], has_evidence: bool) -> list[str]:
    labels = [str(counts[label]) for label in get_args(Label)]
    return [title, str(counts["all"]), *labels, str(counts["right"]) if has_evidence else "–"]


if __name__ == "__main__":
    main()

"""Verdicts of the default verifier on REALSumm's facts, against a cross-encoder of the same size in transformers.

    python benchmarks/speed/verdict_speed.py [--data DIR] [--runs 5]

Writes ``verdict_speed.md`` beside it. Each run checks the facts of another article against its summaries. The peer is
what a user would load instead: the same backbone with a head of three classes in float32, in batches of similar length;
it returns only logits, while the verifier also compares words and values and names the evidence. Both are loaded before
the clock starts, have one thread and take turns (see ``contest.py``).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from benchmarks.data_option import parser
from benchmarks.speed.contest import Contender, Seconds, alternated, ratio, spread, where
from harness.files import write_text
from harness.records import Pair
from harness.verifiers.entailment import Entailment
from harness.weights import store

TABLE = Path(__file__).with_name("verdict_speed.md")
BACKBONE = "all-mpnet-base-v2"
BATCH = 16
PAIRS = 100
"""Maximum number per article."""


def pairs(folder: Path) -> list[list[Pair]]:
    """The facts of each article, against its summaries."""
    found: dict[str, list[Pair]] = {}
    for row in map(json.loads, (folder / "realsumm_coverage.jsonl").read_text(encoding="utf-8").splitlines()):
        found.setdefault(row["group"], []).extend(Pair(row["premise"], fact) for fact in row["hypotheses"])
    return [each[:PAIRS] for each in found.values()]


class Peer:
    """The backbone in transformers, as its documentation loads it."""

    def __init__(self) -> None:
        folder = store.path(BACKBONE)
        self.tokenizer: Any = AutoTokenizer.from_pretrained(folder)
        self.model = AutoModelForSequenceClassification.from_pretrained(folder, num_labels=3).eval()

    def read(self, given: Sequence[Pair]) -> int:
        """Compute the logits of every pair; return their number."""
        ordered = sorted(given, key=lambda pair: len(pair.premise) + len(pair.hypothesis))
        rows = 0
        for start in range(0, len(ordered), BATCH):
            batch = ordered[start : start + BATCH]
            texts = ([pair.premise for pair in batch], [pair.hypothesis for pair in batch])
            with torch.inference_mode():
                rows += len(self.model(**self.tokenizer(*texts, return_tensors="pt", padding=True)).logits)
        return rows


def table(seconds: Seconds, count: float) -> str:
    """The page."""
    ours, theirs = seconds.values()
    return f"""# Speed of verdicts

{len(ours)} runs, each with facts of one REALSumm article against its summaries ({count:.0f} pairs on average),
on one thread. Processor time, the median with the least and the most. The peer is the same backbone in float32
in transformers, in batches of {BATCH}; it gives logits alone.

| | ms a pair | verdicts a second | times as fast as the peer |
|---|---|---|---|
| transformers, float32 | {spread(theirs, round(count), 1000)} | {len(theirs) * count / sum(theirs):.0f} | 1 |
| `entailment` | {spread(ours, round(count), 1000)} | {len(ours) * count / sum(ours):.0f} | {ratio(theirs, ours)} |

{where("torch", "transformers", "onnxruntime")} Made by `python benchmarks/speed/verdict_speed.py`.
"""


def main() -> None:
    command = parser(__doc__)
    command.add_argument("--runs", type=int, default=5)
    arguments = command.parse_args()
    torch.set_num_threads(1)
    os.environ["OMP_NUM_THREADS"] = "1"
    every = pairs(arguments.data)
    runs = every[:: len(every) // arguments.runs][: arguments.runs]
    verifier, peer = Entailment(), Peer()
    verifier.verify(every[-1][:5])
    contenders = [
        Contender("entailment", lambda run: len(verifier.verify(runs[run]))),
        Contender("transformers", lambda run: peer.read(runs[run])),
    ]

    def same(results: object) -> None:
        """SystemExit unless both answered every pair."""
        assert isinstance(results, dict)  # noqa: S101  # of this function's caller
        if len(set(results.values())) > 1:
            raise SystemExit(f"not every pair was read: {results}")

    shown = table(alternated(contenders, arguments.runs, same), sum(map(len, runs)) / len(runs))
    write_text(TABLE, shown)
    sys.stdout.write(shown)


if __name__ == "__main__":
    main()

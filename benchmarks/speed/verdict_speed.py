"""Time the default verifier on REALSumm's facts, and a cross-encoder of the same size in transformers.

    python benchmarks/speed/verdict_speed.py [--data DIR] [--runs 5]

Writes ``verdict_speed.md``. Each run checks the facts of another article against its summaries. The peer is what a user
would load instead: the same backbone with a head of three classes, in float32 and in batches of similar length. The
peer returns only logits, while the verifier also compares words and values and returns evidence. Both are loaded before
the clock starts, use one thread and take turns (see ``contest.py``).
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from benchmarks.common import make_parser, publish
from benchmarks.quality.questions import read_lines
from benchmarks.speed.contest import Contender, Seconds, alternate, describe_environment, format_ratio, format_time
from harness.records import Pair
from harness.verifiers.entailment import Entailment
from harness.weights import store

TABLE = Path(__file__).with_name("verdict_speed.md")
BACKBONE = "all-mpnet-base-v2"
BATCH = 16
PAIRS = 100
"""Maximum number per article."""


def read_pairs(folder: Path) -> list[list[Pair]]:
    """Pair the facts of each article with the article's summaries."""
    found: dict[str, list[Pair]] = {}
    for row in read_lines(folder / "realsumm_coverage.jsonl"):
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


def render(seconds: Seconds, count: float) -> str:
    """Render the page; ``count`` is the mean number of pairs in a run."""
    ours, theirs = seconds.values()
    times = format_ratio(theirs, ours)
    return f"""# Speed of verdicts

{len(ours)} runs, each with the facts of one REALSumm article against its summaries ({count:.0f} pairs on average), on
one thread. Processor time: median, with minimum and maximum. The peer is the same backbone in transformers, in float32
and batches of {BATCH}; it returns only logits.

| | ms a pair | verdicts a second | times as fast as the peer |
|---|---|---|---|
| transformers, float32 | {format_time(theirs, round(count), 1000)} | {len(theirs) * count / sum(theirs):.0f} | 1 |
| `entailment` | {format_time(ours, round(count), 1000)} | {len(ours) * count / sum(ours):.0f} | {times} |

{describe_environment("torch", "transformers", "onnxruntime")} Made by `python benchmarks/speed/verdict_speed.py`.
"""


def main() -> None:
    command = make_parser(__doc__)
    command.add_argument("--runs", type=int, default=5)
    arguments = command.parse_args()
    torch.set_num_threads(1)
    os.environ["OMP_NUM_THREADS"] = "1"
    every = read_pairs(arguments.data)
    runs = every[:: len(every) // arguments.runs][: arguments.runs]
    verifier, peer = Entailment(), Peer()
    verifier.verify(every[-1][:5])  # loads the network
    contenders = [
        Contender("entailment", lambda run: len(verifier.verify(runs[run]))),
        Contender("transformers", lambda run: peer.read(runs[run])),
    ]

    def require_all(results: Mapping[str, object]) -> None:
        if len(set(results.values())) > 1:
            raise SystemExit(f"not every pair was read: {results}")

    page = render(alternate(contenders, arguments.runs, require_all), sum(map(len, runs)) / len(runs))
    publish(page, TABLE)


if __name__ == "__main__":
    main()

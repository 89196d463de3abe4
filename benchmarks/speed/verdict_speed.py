"""Time the default verifier on REALSumm's facts, and a cross-encoder of the same size in transformers.

    python benchmarks/speed/verdict_speed.py [--data DIR] [--runs 5]

Writes ``verdict_speed.md``. Each run checks a different article's facts against its summaries. The peer is what a user
would load instead: the same backbone with a three-class head, in float32 and in batches of similar length. The peer
returns only logits, while the verifier also selects passages and returns evidence. Both are loaded before the clock
starts, use one thread and take turns. The time is processor time, which other programs hardly affect.
"""

from __future__ import annotations

import gc
import os
import platform
import time
from collections.abc import Callable, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from statistics import fmean, median
from typing import Any

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from benchmarks.common import describe_machine, make_parser, publish
from benchmarks.quality.questions import read_lines
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
        found.setdefault(row["group"], []).extend(
            Pair(row["premise"], fact, of_summary=True) for fact in row["hypotheses"]
        )
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


def time_in_turns(
    runs: Sequence[Sequence[Pair]], readers: Sequence[Callable[[Sequence[Pair]], int]]
) -> list[list[float]]:
    """Return each reader's processor seconds by run. Readers take turns, so that a busy machine slows all alike."""
    seconds: list[list[float]] = [[] for _ in readers]
    for number, pairs in enumerate(runs):
        for turn in range(len(readers)):
            reader = (number + turn) % len(readers)
            gc.collect()
            started = time.process_time()
            count = readers[reader](pairs)
            seconds[reader].append(time.process_time() - started)
            if count != len(pairs):
                raise SystemExit(f"only {count} of {len(pairs)} pairs were read")
    return seconds


def format_values(values: Sequence[float]) -> str:
    """Format median, minimum and maximum: ``3.10 (2.90–3.40)``."""
    return f"{median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def render(runs: Sequence[Sequence[Pair]], ours: Sequence[float], theirs: Sequence[float]) -> str:
    """Render the page from the seconds of each run."""
    sizes = list(map(len, runs))
    per_pair = [[1000 * one / size for one, size in zip(each, sizes, strict=True)] for each in (ours, theirs)]
    times = format_values([slow / fast for slow, fast in zip(theirs, ours, strict=True)])
    versions = ", ".join(f"{name} {version(name)}" for name in ("torch", "transformers", "onnxruntime"))
    return f"""# Speed of verdicts

{len(runs)} runs on one thread, each with the facts of one REALSumm article against its summaries ({fmean(sizes):.0f}
pairs on average). Processor time: median, with minimum and maximum. The peer is the same backbone in transformers, in
float32 and batches of {BATCH}; it returns only logits.

| | ms a pair | verdicts a second | times as fast as the peer |
|---|---|---|---|
| transformers, float32 | {format_values(per_pair[1])} | {sum(sizes) / sum(theirs):.0f} | 1 |
| `entailment` | {format_values(per_pair[0])} | {sum(sizes) / sum(ours):.0f} | {times} |

{date.today():%Y-%m-%d}; {describe_machine()}, load {os.getloadavg()[1]:.1f}; Python {platform.python_version()}, \
{versions}. Made by `python benchmarks/speed/verdict_speed.py`.
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
    ours, theirs = time_in_turns(runs, [lambda pairs: len(verifier.verify(pairs)), peer.read])
    publish(render(runs, ours, theirs), TABLE)


if __name__ == "__main__":
    main()

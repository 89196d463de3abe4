"""Verdicts of the default verifier on REALSumm's facts: all at once, against one pair at a time.

    python benchmarks/speed/verdict_speed.py [--data DIR] [--runs 5]

Writes ``verdict_speed.md`` beside it. A run takes another article: its facts, held against the summaries of all 25
systems. Each way starts from empty memories, with the networks loaded, and they take turns (see ``contest.py``). Labels
must be the same, and probabilities to 1e-4.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Mapping, Sequence
from functools import _lru_cache_wrapper
from pathlib import Path

import torch

from benchmarks.data_option import parser
from benchmarks.speed.contest import Contender, alternated, ratio, spread, where
from harness import config
from harness.files import write_text
from harness.records import Pair, Verdict
from harness.seams import Verifier

ROOT = Path(__file__).resolve().parents[2]
TABLE = Path(__file__).with_name("verdict_speed.md")
MOST_DIFFERENT = 1e-4


def pairs(folder: Path) -> list[list[Pair]]:
    """The facts of each article, against each of its summaries."""
    found: dict[str, list[Pair]] = {}
    for row in map(json.loads, (folder / "realsumm_coverage.jsonl").read_text(encoding="utf-8").splitlines()):
        found.setdefault(row["group"], []).extend(Pair(row["premise"], fact) for fact in row["hypotheses"])
    return list(found.values())


def at_once(verifier: Verifier, given: Sequence[Pair]) -> list[Verdict]:
    forget()
    return verifier.verify(given)


def one_by_one(verifier: Verifier, given: Sequence[Pair]) -> list[Verdict]:
    forget()
    return [verifier.verify([pair])[0] for pair in given]


def forget() -> None:
    """Empty whatever the harness remembers of texts; what it has loaded stays, in memories of one thing or no limit."""
    for memory in [found for found in gc.get_objects() if type(found) is _lru_cache_wrapper]:
        if memory.__module__.startswith("harness") and (memory.cache_parameters()["maxsize"] or 0) > 1:
            memory.cache_clear()


def equal(results: Mapping[str, object]) -> None:
    one, other = results.values()
    assert isinstance(one, list)  # noqa: S101  # of the two functions above
    assert isinstance(other, list)  # noqa: S101
    for mine, theirs in zip(one, other, strict=True):
        worst = max(
            abs(getattr(mine.probabilities, name) - getattr(theirs.probabilities, name))
            for name in ("supported", "contradicted", "absent")
        )
        if mine.label != theirs.label or worst > MOST_DIFFERENT:
            raise SystemExit(f"a verdict depends on its neighbours: {mine} or {theirs}")


def table(seconds: dict[str, list[float]], count: float, kind: str) -> str:
    slow, fast = seconds.values()
    return f"""# Speed of verdicts

{len(slow)} runs, each with the facts of one REALSumm article against its 25 summaries ({count:.0f} pairs on average),
with the default verifier ({kind}) on one thread. Processor time, the median with the
least and the most; all verdicts were the same, to {MOST_DIFFERENT:g}. Target: 8 times, which is missed: a fact is
read by four layers for each premise, however many are asked at once, and one thread has nothing else to share.

| | ms a pair | times as fast as one at a time |
|---|---|---|
| one pair at a time | {spread(slow, round(count), 1000)} | 1 |
| all at once | {spread(fast, round(count), 1000)} | {ratio(slow, fast)} |

{where("torch", "transformers")} Made by `python benchmarks/speed/verdict_speed.py`.
"""


def main() -> None:
    command = parser(__doc__)
    command.add_argument("--runs", type=int, default=5)
    arguments = command.parse_args()
    torch.set_num_threads(1)
    verifier = config.load(ROOT / "configs" / "base.yaml").verifier
    every = pairs(arguments.data)
    runs = every[:: len(every) // arguments.runs][: arguments.runs]
    at_once(verifier, every[-1][:20])  # the networks loaded
    contenders = [
        Contender("one pair at a time", lambda run: one_by_one(verifier, runs[run])),
        Contender("all at once", lambda run: at_once(verifier, runs[run])),
    ]
    seconds = alternated(contenders, arguments.runs, equal)
    steps = " and then ".join(step.kind() for step in getattr(verifier, "steps", [verifier]))
    shown = table(seconds, sum(map(len, runs)) / len(runs), steps)
    write_text(TABLE, shown)
    sys.stdout.write(shown)


if __name__ == "__main__":
    main()

"""ROUGE-1, -2, -L and -Lsum of 2,500 summaries: ours against the rouge-score package, in one process.

    python benchmarks/speed/rouge_speed.py [--data DIR] [--runs N]

Writes ``rouge_speed.md`` beside it. The pairs are REALSumm's (CC BY 4.0; 25 systems × 100 articles), in the folder
that ``--data`` or the environment variable ``HARNESS_LABELLED_DATA`` names.

Protocol. Every contender reads the same texts, one sentence a line (cut before the clock starts, as rouge-score takes
them), with stemming. The runs are interleaved: in each, every contender scores all pairs once, from empty memories
(no text read, no word stemmed). Processor time is counted, so that other processes cost nobody anything; imports are
not. All numbers of all contenders are compared before anything is reported. The whole scorer is the plugin with all
it does beside: scores with names and signatures made. Ours cut the lines into sentences once more.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from statistics import median

from nltk.stem.porter import PorterStemmer
from rouge_score.rouge_scorer import RougeScorer
from rouge_score.tokenize import tokenize

from harness import provenance
from harness.files import write_text
from harness.records import Article, Case, Generation, Item, Reference, Summary
from harness.scorers import _stems
from harness.scorers._overlap import compare, read_once
from harness.scorers.rouge import Rouge
from harness.text import sentences

ROOT = Path(__file__).resolve().parents[2]
TABLE = Path(__file__).with_name("rouge_speed.md")
TYPES = ["rouge1", "rouge2", "rougeL", "rougeLsum"]
MOST_DIFFERENT = 1e-9

Numbers = list[tuple[float, ...]]
"""Precision, recall and F1 of the four types, for each pair."""


@dataclass(frozen=True)
class Pair:
    """A reference and a summary, one sentence a line."""

    reference: str
    summary: str
    case: Case
    """The same, as a scorer gets it."""

    @classmethod
    def of(cls, reference: str, summary: str) -> Pair:
        item = Item(Article("a", ""), (Reference("r", reference),))
        return cls(reference, summary, Case(item, Summary("key", "system", "a", 0, Generation("request", summary))))


@dataclass(frozen=True)
class Contender:
    """A way to compute the numbers."""

    name: str
    score: Callable[[Sequence[Pair]], Numbers]


def pairs(folder: Path) -> Iterator[Pair]:
    articles = map(json.loads, (folder / "realsumm_articles.jsonl").read_text(encoding="utf-8").splitlines())
    references = {article["id"]: in_lines(article["references"][0]) for article in articles}
    for line in (folder / "realsumm_outputs.jsonl").read_text(encoding="utf-8").splitlines():
        output = json.loads(line)
        yield Pair.of(references[output["article_id"]], in_lines(output["summary"]))


def in_lines(text: str) -> str:
    """One sentence a line, cut until a further cut changes nothing: then both sides see the same lines."""
    lines = "\n".join(span.text for span in sentences(text))
    return lines if lines == text else in_lines(lines)


# SideGroup ---------------------------------------------------------------------------------------------------------


def by_rouge_score(given: Sequence[Pair]) -> Numbers:
    return _theirs(RougeScorer(TYPES, use_stemmer=True), given)


def by_rouge_score_caching(given: Sequence[Pair]) -> Numbers:
    """What a careful user can do without touching the package: a tokenizer that remembers texts and stems."""
    return _theirs(RougeScorer(TYPES, tokenizer=CachingTokenizer()), given)


class CachingTokenizer:
    def __init__(self) -> None:
        self.stem = lru_cache(maxsize=None)(PorterStemmer().stem)
        self.tokenize = lru_cache(maxsize=None)(lambda text: tokenize(text, self))


def by_ours(given: Sequence[Pair]) -> Numbers:
    _forget()
    read = _stems.reader("en", True)
    found = []
    for pair in given:
        overlaps = compare(read_once(pair.reference, read, "en"), read_once(pair.summary, read, "en"))
        found.append(tuple(number for rouge in TYPES for number in overlaps[rouge]))
    return found


def by_scorer(given: Sequence[Pair]) -> Numbers:
    _forget()
    values = [score.value or 0.0 for score in Rouge().score([pair.case for pair in given])]
    # Of each pair and type: F1, precision, recall, mean.
    rows = [values[start : start + 4 * len(TYPES)] for start in range(0, len(values), 4 * len(TYPES))]
    return [tuple(row[at + part] for at in range(0, len(row), 4) for part in (1, 2, 0)) for row in rows]


def _theirs(scorer: RougeScorer, given: Sequence[Pair]) -> Numbers:
    found = []
    for pair in given:
        scores = scorer.score(pair.reference, pair.summary)
        found.append(tuple(float(number) for rouge in TYPES for number in scores[rouge]))
    return found


def _forget() -> None:
    read_once.cache_clear()
    sentences.cache_clear()
    _stems.reader.cache_clear()


CONTENDERS = (
    Contender("rouge-score", by_rouge_score),
    Contender("rouge-score, caching tokenizer", by_rouge_score_caching),
    Contender("harness", by_ours),
    Contender("harness, whole scorer", by_scorer),
)


# Measuring ----------------------------------------------------------------------------------------------------------


def measured(given: Sequence[Pair], runs: int) -> dict[str, list[float]]:
    """Contender → processor seconds of each run; SystemExit where one gives other numbers than rouge-score."""
    seconds: dict[str, list[float]] = {contender.name: [] for contender in CONTENDERS}
    for _ in range(runs):
        expected: Numbers = []
        for contender in CONTENDERS:
            gc.collect()
            started = time.process_time()
            found = contender.score(given)
            seconds[contender.name].append(time.process_time() - started)
            expected = expected or found
            worst = difference(found, expected)
            if worst > MOST_DIFFERENT:
                raise SystemExit(f"{contender.name} differs from rouge-score by {worst:g}")
    return seconds


def difference(found: Numbers, expected: Numbers) -> float:
    """The largest, over all pairs and numbers."""
    return max(
        abs(one - other)
        for row, theirs in zip(found, expected, strict=True)
        for one, other in zip(row, theirs, strict=True)
    )


def table(seconds: dict[str, list[float]], count: int) -> str:
    base = seconds[CONTENDERS[0].name]
    rows = "\n".join(_row(name, times, base, count) for name, times in seconds.items())
    machine = provenance.machine()
    packages = ", ".join(f"{name} {version(name)}" for name in ("rouge-score", "nltk", "rapidfuzz"))
    return f"""# Speed of ROUGE-1, -2, -L and -Lsum

{count:,} pairs of REALSumm, with stemming; {len(base)} interleaved runs from empty memories in one process. Processor
time, the median with the least and the most. All numbers of all rows agree to {MOST_DIFFERENT:g}.

| | ms a pair | times as fast as rouge-score |
|---|---|---|
{rows}

{date.today():%Y-%m-%d}; {machine["cores"]} cores of {machine["processor"]} ({machine["system"]}); Python
{provenance.packages()["python"]}, {packages}. Made by `python benchmarks/speed/rouge_speed.py`.
"""


def _row(name: str, times: Sequence[float], base: Sequence[float], count: int) -> str:
    ratios = [theirs / ours for theirs, ours in zip(base, times, strict=True)]
    taken = [f"{1000 * each / count:.3f}" for each in (median(times), min(times), max(times))]
    return (
        f"| {name} | {taken[0]} ({taken[1]}–{taken[2]}) | {median(ratios):.1f} ({min(ratios):.1f}–{max(ratios):.1f}) |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="ROUGE: ours against rouge-score, on the same pairs.")
    default = os.environ.get("HARNESS_LABELLED_DATA", str(ROOT / "labelled-data"))
    parser.add_argument("--data", type=Path, default=Path(default), help="folder of the realsumm files")
    parser.add_argument("--runs", type=int, default=5, help="interleaved runs")
    arguments = parser.parse_args()
    if not (arguments.data / "realsumm_outputs.jsonl").is_file():
        parser.error(f"{arguments.data} has no realsumm_outputs.jsonl; name its folder with --data")
    if arguments.runs < 1:
        parser.error("--runs takes 1 or more")
    given = list(pairs(arguments.data))
    shown = table(measured(given, arguments.runs), len(given))
    write_text(TABLE, shown)
    sys.stdout.write(shown)


if __name__ == "__main__":
    main()

"""Time ROUGE, all scorers of configs/base.yaml, and the rouge-score package on REALSumm's 2,500 summaries.

    python benchmarks/speed/scoring_speed.py [--data DIR] [--runs 5]

Writes ``scoring_speed.md``. All contenders stem the words of the same texts, which have one sentence per line, as
rouge-score expects (split before the clock starts). They take turns from empty caches (see ``contest.py``), and their
ROUGE numbers must agree. No verifier runs, so the scorers of facts report that there are no verdicts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import cast

from nltk.stem.porter import PorterStemmer
from rouge_score.rouge_scorer import RougeScorer
from rouge_score.tokenize import tokenize

from benchmarks.common import ROOT, make_parser, publish
from benchmarks.quality.questions import read_lines
from benchmarks.speed.contest import Contender, Seconds, alternate, describe_environment, format_ratio, format_time
from harness import config
from harness.records import Article, Case, Generation, Item, Reference, Summary
from harness.scorers import stems
from harness.scorers.rouge import Rouge, read_text
from harness.seams import Scorer
from harness.stages import score
from harness.text import sentences

TABLE = Path(__file__).with_name("scoring_speed.md")
TYPES = ["rouge1", "rouge2", "rougeL", "rougeLsum"]
TOLERANCE = 1e-9


class CachingTokenizer:
    """A tokenizer that caches texts and stems, which is the speed-up that rouge-score itself allows."""

    def __init__(self) -> None:
        self.stem = lru_cache(maxsize=None)(PorterStemmer().stem)
        self.tokenize = lru_cache(maxsize=None)(lambda text: tokenize(text, self))


def read_cases(folder: Path) -> list[Case]:
    """Read REALSumm's summaries, each with its article and reference."""
    items = {
        row["id"]: Item(Article(row["id"], row["text"]), (Reference("reference", split_lines(row["references"][0])),))
        for row in read_lines(folder / "realsumm_articles.jsonl")
    }
    cases = []
    for row in read_lines(folder / "realsumm_outputs.jsonl"):
        made = Generation("request", split_lines(row["summary"]))
        cases.append(Case(items[row["article_id"]], Summary("key", row["system"], row["article_id"], 0, made)))
    return cases


def split_lines(text: str) -> str:
    """Put each sentence on its own line; repeat until nothing changes, so that all contenders see the same text."""
    lines = "\n".join(span.text for span in sentences(text))
    return lines if lines == text else split_lines(lines)


def score_by_package(scorer: RougeScorer, cases: Sequence[Case]) -> list[float]:
    """Return the F1 of the four types, for each case."""
    by_case = (scorer.score(case.references[0].text, case.summary.text) for case in cases)
    return [float(scores[rouge].fmeasure) for scores in by_case for rouge in TYPES]


def score_by_harness(scorers: Sequence[Scorer], cases: Sequence[Case]) -> list[float]:
    """Return the F1 of the four types, for each case; the other scorers compute their scores too."""
    for cache in (read_text, sentences, stems.make_tokenizer):
        cache.cache_clear()
    scores, faults = score.score(scorers, cases)
    if faults:
        raise SystemExit("\n".join(score.list_problems(faults)))
    return [each.value or 0.0 for each in scores if each.metric in TYPES]


def require_equal(results: Mapping[str, object]) -> None:
    first, *others = cast("list[list[float]]", list(results.values()))
    for other in others:
        if max(abs(one - two) for one, two in zip(first, other, strict=True)) > TOLERANCE:
            raise SystemExit("the contenders' numbers differ")


def render(seconds: Seconds, count: int, scorers: Sequence[Scorer]) -> str:
    base = seconds["rouge-score"]
    rows = [
        f"| {name} | {format_time(times, count, 1000)} | {format_ratio(base, times)} |\n"
        for name, times in seconds.items()
    ]
    names = ", ".join(scorer.kind() for scorer in scorers)
    versions = describe_environment("rouge-score", "nltk", "rapidfuzz")
    return f"""# Speed of scoring

{count:,} summaries of REALSumm, {len(base)} runs in turns, from empty caches. Processor time: median, with minimum and
maximum. The ROUGE numbers of all rows are equal.

| | ms per summary | times as fast as rouge-score |
|---|---|---|
{"".join(rows)}
All scorers: {names}; without a verifier, so the scorers of facts report that there are no verdicts.

{versions} Made by `python benchmarks/speed/scoring_speed.py`.
"""


def main() -> None:
    command = make_parser(__doc__)
    command.add_argument("--runs", type=int, default=5)
    arguments = command.parse_args()
    cases = read_cases(arguments.data)
    scorers = config.load(ROOT / "configs" / "base.yaml").scorers
    contenders = [
        Contender("rouge-score", lambda _: score_by_package(RougeScorer(TYPES, use_stemmer=True), cases)),
        Contender(
            "rouge-score, caching tokenizer",
            lambda _: score_by_package(RougeScorer(TYPES, tokenizer=CachingTokenizer()), cases),
        ),
        Contender("harness, ROUGE", lambda _: score_by_harness([Rouge()], cases)),
        Contender("harness, all scorers", lambda _: score_by_harness(scorers, cases)),
    ]
    page = render(alternate(contenders, arguments.runs, require_equal), len(cases), scorers)
    publish(page, TABLE)


if __name__ == "__main__":
    main()

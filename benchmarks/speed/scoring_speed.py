"""All scorers of configs/base.yaml against the rouge-score package alone, on REALSumm's 2,500 summaries.

    python benchmarks/speed/scoring_speed.py [--data DIR] [--runs 5]

Writes ``scoring_speed.md`` beside it. rouge-score computes its four metrics with stemming, on texts of one sentence a
line, cut before the clock starts, as in ``rouge_speed.py``; the harness does all that the stage does, from the cases to
the scores. No verifier is asked: the scorers of facts say that there are no verdicts. The two take turns from empty
memories (see ``contest.py``).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from rouge_score.rouge_scorer import RougeScorer

from benchmarks.data_option import parser
from benchmarks.speed.contest import Contender, alternated, ratio, spread, where
from benchmarks.speed.rouge_speed import TYPES, Pair, in_lines
from harness import config
from harness.files import write_text
from harness.records import Article, Case, Generation, Item, Reference, Score, Summary
from harness.scorers import _stems
from harness.scorers._overlap import read_once
from harness.seams import Scorer
from harness.stages import score
from harness.text import sentences

ROOT = Path(__file__).resolve().parents[2]
TABLE = Path(__file__).with_name("scoring_speed.md")


def cases(folder: Path) -> list[Case]:
    """REALSumm's summaries, each with its article and reference."""
    rows = map(json.loads, (folder / "realsumm_articles.jsonl").read_text(encoding="utf-8").splitlines())
    items = {
        row["id"]: Item(Article(row["id"], row["text"]), (Reference("reference", in_lines(row["references"][0])),))
        for row in rows
    }
    found = []
    for line in (folder / "realsumm_outputs.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        made = Generation("request", in_lines(row["summary"]))
        found.append(Case(items[row["article_id"]], Summary("key", row["system"], row["article_id"], 0, made)))
    return found


def by_rouge_score(pairs: Sequence[Pair]) -> int:
    scorer = RougeScorer(TYPES, use_stemmer=True)
    return sum(len(scorer.score(pair.reference, pair.summary)) for pair in pairs)


def by_harness(scorers: Sequence[Scorer], given: Sequence[Case]) -> list[Score]:
    for memory in (read_once, sentences, _stems.reader):
        memory.cache_clear()
    found, faults = score.score(scorers, list(given))
    if faults:
        raise SystemExit("\n".join(score.problems(faults)))
    return found


def all_there(results: Mapping[str, object]) -> None:
    scores = results["harness, all scorers"]
    assert isinstance(scores, list)  # noqa: S101  # of by_harness
    if any(each.metric.startswith("rouge") and each.value is None for each in scores):
        raise SystemExit("a summary has no ROUGE")


def table(seconds: dict[str, list[float]], count: int, scorers: Sequence[Scorer]) -> str:
    theirs, ours = seconds.values()
    names = ", ".join(scorer.kind() for scorer in scorers)
    numbers = sum(len(scorer.metrics()) for scorer in scorers)
    return f"""# Speed of scoring

{count:,} summaries of REALSumm, {len(ours)} runs in turns, from empty memories. Processor time, the median with the
least and the most. Target: not slower than rouge-score alone.

| | ms a summary | times as fast as rouge-score |
|---|---|---|
| rouge-score, its four metrics | {spread(theirs, count, 1000)} | 1 |
| harness, {numbers} metrics | {spread(ours, count, 1000)} | {ratio(theirs, ours)} |

The harness computes {names}; it asks no verifier, so that those of facts say why they have no value.

{where("rouge-score", "rapidfuzz")} Made by `python benchmarks/speed/scoring_speed.py`.
"""


def main() -> None:
    command = parser(__doc__)
    command.add_argument("--runs", type=int, default=5)
    arguments = command.parse_args()
    given = cases(arguments.data)
    pairs = [Pair(case.references[0].text, case.summary.text or "", case) for case in given]
    scorers = config.load(ROOT / "configs" / "base.yaml").scorers
    contenders = [
        Contender("rouge-score", lambda _: by_rouge_score(pairs)),
        Contender("harness, all scorers", lambda _: by_harness(scorers, given)),
    ]
    shown = table(alternated(contenders, arguments.runs, all_there), len(given), scorers)
    write_text(TABLE, shown)
    sys.stdout.write(shown)


if __name__ == "__main__":
    main()

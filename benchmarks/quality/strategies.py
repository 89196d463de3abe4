"""What does checking buy? A small model as it is, and under three strategies, on the first articles of REALSumm.

    python benchmarks/quality/strategies.py [--data DIR] [--articles N]

Writes ``strategies.md`` beside it. The systems are those of ``configs/strategies.yaml``: packaged models, so that it
runs without a hub, a key or a GPU; a quarter of an hour for 12 articles on one core. The data (Bhandari et al. 2020,
CC BY 4.0) is in the folder that ``--data`` or the environment variable ``HARNESS_LABELLED_DATA`` names.

The strategies choose by one verifier; faithfulness is shown as that one sees it, and as another does that chose
nothing. Each system is compared with the one that it is made of, article by article (``harness.stats.paired``).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.data_option import parser
from harness import config, pipeline, provenance
from harness.files import write_text
from harness.records import Generation, Score, Summary
from harness.stats.paired import compare

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / "configs" / "strategies.yaml"
TABLE = Path(__file__).with_name("strategies.md")

MADE_OF: Mapping[str, str] = {
    "revised/plain": "smollm2/plain",
    "in-parts/plain": "smollm2/plain",
    "best-of-4/plain": "drawing/plain",
}
CHOOSER = "verifier={kind: cascade, steps: [slots, lexical]}"
"""As the config has it: what the strategies choose and correct by."""
OVERRIDES = ("scorers=[fact_recall, faithfulness, length]", "models.in-parts.part_words=200")

HEAD = """# What checking buys

Made by `python benchmarks/quality/strategies.py` on {date}, from the first {articles} articles of REALSumm
({words:.0f} words
on average); {machine}.

`configs/strategies.yaml`, `in-parts` with parts of 200 words: SmolLM2-135M-Instruct, 120 new tokens, one prompt.
`revised` and `best-of-4` choose by a cascade of `slots` and `lexical`; faithfulness is the share of statements that the
article supports, as that cascade sees it, and as `entailment` does, which chose nothing. Neither is a person's word.
Fact recall is of REALSumm's content units. Differences are from the system that each is made of, on the same articles,
with 95% intervals; tokens are read and written ones of all calls, as a multiple of that system's.

"""


@dataclass(frozen=True)
class Run:
    """The systems' summaries and their scores under both verifiers."""

    articles: Sequence[str]
    words: float
    made: Mapping[tuple[str, str], Generation]
    """By system and article."""
    columns: Mapping[str, Mapping[tuple[str, str], float]]
    """Column → value by system and article."""

    def values(self, column: str, system: str) -> list[float | None]:
        return [self.columns[column].get((system, article)) for article in self.articles]


def run(data: Path, articles: int, folder: Path) -> Run:
    """Make the summaries, and judge them twice."""
    os.environ["HARNESS_LABELLED_DATA"] = str(data)
    source = f"articles={data / 'realsumm_articles.jsonl'}"
    loaded = config.load(CONFIG, [source, f"limit={articles}", f"output={folder / 'run'}", *OVERRIDES])
    other = pipeline.run(loaded)
    if other.results.manifest.problems:
        sys.exit("\n".join(other.results.manifest.problems))
    summaries, scores = list(other.results.summaries), list(other.results.scores)
    own = list(pipeline.score(folder / "run", overrides=[CHOOSER]).results.scores)
    return Run(
        articles=list(other.results.manifest.articles),
        words=fmean(len(item.article.text.split()) for item in other.results.items),
        made={(each.system, each.article_id): each.generation for each in summaries},
        columns={
            "faithful, by the chooser": _column(own, "faithfulness"),
            "faithful, by another": _column(scores, "faithfulness"),
            "fact recall": _column(scores, "fact_recall"),
            "words": _lengths(summaries),
        },
    )


def _column(scores: Sequence[Score], metric: str) -> dict[tuple[str, str], float]:
    found = [score for score in scores if score.metric == metric and score.value is not None]
    return {(score.system, score.article_id): score.value for score in found if score.value is not None}


def _lengths(summaries: Sequence[Summary]) -> dict[tuple[str, str], float]:
    return {(each.system, each.article_id): float(len((each.text or "").split())) for each in summaries}


def report(found: Run) -> str:
    """The table, and what the strategies did."""
    names = list(found.columns)
    lines = [
        f"| system | {' | '.join(names)} | tokens |",
        f"|---|{'---:|' * (len(names) + 1)}",
    ]
    for system in dict.fromkeys(system for system, _ in found.made):
        cells = [_cell(found, name, system) for name in names]
        lines.append(f"| {system} | {' | '.join(cells)} | {_tokens(found, system)} |")
    machine = provenance.machine()
    head = HEAD.format(
        date=date.today().isoformat(),
        articles=len(found.articles),
        words=found.words,
        machine=f"{machine['cores']} cores of {machine['processor']}",
    )
    return head + "\n".join(lines) + "\n\n" + _told(found) + "\n"


def _cell(found: Run, column: str, system: str) -> str:
    values = found.values(column, system)
    known = [value for value in values if value is not None]
    shown = "–" if not known else f"{fmean(known):.0f}" if column == "words" else f"{fmean(known):.2f}"
    base = MADE_OF.get(system)
    if base is None or column == "words":
        return shown
    pairs = [(a, b) for a, b in zip(values, found.values(column, base), strict=True) if a is not None and b is not None]
    difference = compare([a for a, _ in pairs], [b for _, b in pairs], np.random.default_rng(0))
    interval = "" if difference.low is None else f", {difference.low:+.2f} to {difference.high:+.2f}"
    return f"{shown} ({difference.mean:+.2f}{interval})"


def _tokens(found: Run, system: str) -> str:
    def total(of: str) -> int:
        made = [found.made[of, article] for article in found.articles]
        return sum((each.prompt_tokens or 0) + (each.new_tokens or 0) for each in made)

    base = MADE_OF.get(system)
    return f"{total(system) / len(found.articles):,.0f}" if base is None else f"{total(system) / total(base):.1f} ×"


def _told(found: Run) -> str:
    revised = [found.made["revised/plain", article] for article in found.articles]
    asked = [made for made in revised if len(made.steps) > 1]
    better = [made for made in asked if made.text == made.steps[-1].text]
    clean = [made for made in better if not made.steps[-1].unsupported]
    return (
        f"Of {len(revised)} drafts {len(asked)} had a statement that the checker found unsupported. Of those "
        f"{len(better)} came back better by the checker, {len(clean)} without any such statement; the others stayed as "
        f"they were."
    )


def main() -> None:
    """Run, print, write."""
    command = parser(__doc__)
    command.add_argument("--articles", type=int, default=12)
    given = command.parse_args()
    if not (given.data / "realsumm_articles.jsonl").is_file():
        sys.exit(f"{given.data} has no realsumm_articles.jsonl; name its folder with --data or HARNESS_LABELLED_DATA")
    with TemporaryDirectory() as folder:
        table = report(run(given.data.resolve(), given.articles, Path(folder)))
    write_text(TABLE, table)
    print(table)  # noqa: T201  # what a benchmark is for


if __name__ == "__main__":
    main()

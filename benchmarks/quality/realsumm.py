"""Do our ROUGE and fact scores agree with people as well as published scores do? REALSumm, 25 systems × 100 articles.

    python benchmarks/quality/realsumm.py [--data DIR]

Writes ``realsumm.md``. The data is that of Bhandari et al. (2020), CC BY 4.0; ``configs/realsumm.yaml`` replays the
systems. The human score of a summary is the share of its reference's content units that people found in the summary.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.common import ROOT, make_parser, publish, require_file
from benchmarks.quality.questions import read_lines
from harness import config, pipeline
from harness.config.plan import Plan
from harness.records import Score
from harness.stats import agreement
from harness.stats.agreement import Figure
from harness.stats.resampling import Resampler
from harness.trust.judgements import average_summaries, measure_summaries, measure_systems

TABLE = Path(__file__).with_name("realsumm.md")
METRICS = (
    "rouge1.recall", "rouge2.recall", "rougeL.recall", "rougeLsum.recall", "fact_recall", "faithfulness",
)  # fmt: skip  # one list
PUBLISHED: Mapping[str, tuple[str, str]] = {
    "rouge1.recall": ("0.524 / 0.496", "0.914 / 0.922"),
    "rouge2.recall": ("0.451 / 0.419", "0.962 / 0.958"),
    "rougeL.recall": ("0.503 / 0.479", "0.871 / 0.914"),
    "rougeLsum.recall": ("0.503 / 0.479", "0.871 / 0.914"),
}
"""Pearson / Spearman by summary and by system, from the scores that REALSumm ships with its summaries."""

HEAD = """# ROUGE and fact recall against people, on REALSumm

Made by `python benchmarks/quality/realsumm.py` on {date}, from {articles} articles × {systems} systems; Python
{python}.

Pearson / Spearman, with 95% intervals over articles. Summary level: the correlation across systems, averaged over
articles. System level: the correlation of the systems' means. Published: computed from the ROUGE and human scores that
REALSumm ships. Ours: computed from REALSumm's texts, and from the majority of people's votes on each fact; rouge-score
and scipy give the same numbers to the fourth decimal. The published ROUGE-L is closer to our Lsum, which compares
sentence by sentence. An interval may exclude its value: resampling lowers a system-level correlation, and the interval
corrects that bias.

The verifier is `entailment`, which learned from the labels of two fifths of these articles and was calibrated on two
fifths, so `fact_recall` agrees too well here; [checker.md](checker.md) has the numbers for the other articles.
`faithfulness` measures whether the article supports the summary, not how much of the reference the summary covers.

| metric | summary level | published | system level | published |
|---|---:|---:|---:|---:|
"""


def read_human_scores(folder: Path) -> dict[tuple[str, str], float]:
    """(System, article) → the share of the content units that people found in the summary."""
    return {
        (row["system"], row["group"]): row["labels"].count("supported") / len(row["labels"])
        for row in read_lines(folder / "realsumm_coverage.jsonl")
    }


def make_plan(folder: Path) -> Plan:
    """Plan the 25 systems and 100 articles of ``configs/realsumm.yaml``, read from ``folder``."""
    os.environ["HARNESS_LABELLED_DATA"] = str(folder.resolve())
    return pipeline.plan(config.load(ROOT / "configs" / "realsumm.yaml"))


def score_all(planned: Plan) -> list[Score]:
    """Run the config, with its verifier, and return the scores."""
    with TemporaryDirectory() as folder:
        outcome = pipeline.run(replace(planned.config, output=Path(folder)))
        if outcome.results.manifest.problems:
            raise SystemExit("\n".join(outcome.results.manifest.problems))
        return list(outcome.results.scores)


def correlate(scores: list[Score], metric: str, people: Mapping[tuple[str, str], float]) -> tuple[list[Figure], ...]:
    """Return Pearson and Spearman with people's scores, by summary and by system."""
    ours = {(score.system, score.article_id): score.value for score in scores if score.metric == metric}
    rows = [(place, value) for place, value in ours.items() if value is not None and place in people]
    table = average_summaries(
        [article for (_, article), _ in rows],
        [system for (system, _), _ in rows],
        np.array([people[place] for place, _ in rows]),
        np.array([value for _, value in rows]),
    )
    resampler = Resampler.of(np.random.default_rng(0), agreement.RESAMPLES)
    kinds = (agreement.pearson, agreement.spearman)
    by_summary = [measure_summaries(table, kind, resampler) for kind in kinds]
    return by_summary, [measure_systems(table, kind, resampler) for kind in kinds]


def format_figures(figures: list[Figure]) -> str:
    return " / ".join(
        f"– ({figure.reason})" if figure.low is None else f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})"
        for figure in figures
    )


def main() -> None:
    command = make_parser(__doc__)
    folder = command.parse_args().data
    require_file(command, folder, "realsumm_coverage.jsonl")
    planned, people = make_plan(folder), read_human_scores(folder)
    scores = score_all(planned)
    page = HEAD.format(
        date=date.today().isoformat(),
        articles=len(planned.items),
        systems=len(planned.systems),
        python=platform.python_version(),
    )
    for metric in METRICS:
        published = PUBLISHED.get(metric, ("–", "–"))
        cells = zip(map(format_figures, correlate(scores, metric, people)), published, strict=True)
        page += f"| {metric} | {' | '.join(cell for pair in cells for cell in pair)} |\n"
    publish(page, TABLE)


if __name__ == "__main__":
    main()

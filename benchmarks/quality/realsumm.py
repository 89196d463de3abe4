"""Do our ROUGE and fact scores agree with people as published numbers say? REALSumm, 25 systems × 100 articles.

    python benchmarks/quality/realsumm.py [--data DIR]

Writes ``realsumm.md`` beside it. The data (Bhandari et al. 2020, CC BY 4.0) is in the folder that ``--data`` or the
environment variable ``HARNESS_LABELLED_DATA`` names. The systems are replayed by ``configs/realsumm.yaml``; the human
score of a summary is the share of its reference's content units that people found in it.

Summary level: for each article the correlation across systems, then the mean over articles. System level: of the
systems' means. Intervals resample articles (``harness.stats.agreement``).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.data_option import parser
from harness import config, pipeline, provenance
from harness.config.plan import Plan
from harness.files import write_text
from harness.records import Generation, Score, Summary
from harness.scorers.rouge import Rouge
from harness.seams import Scorer
from harness.stages import score as scoring
from harness.stats import agreement
from harness.stats.agreement import Figure, Summaries
from harness.stats.arrays import Floats
from harness.stats.resampling import Resampler

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / "configs" / "realsumm.yaml"
TABLE = Path(__file__).with_name("realsumm.md")

ROUGE = ("rouge1.recall", "rouge2.recall", "rougeL.recall", "rougeLsum.recall")
OURS = ("fact_recall", "faithfulness")

PUBLISHED: Mapping[str, tuple[float, float, float, float]] = {
    "rouge1.recall": (0.524, 0.496, 0.914, 0.922),
    "rouge2.recall": (0.451, 0.419, 0.962, 0.958),
    "rougeL.recall": (0.503, 0.479, 0.871, 0.914),
    "rougeLsum.recall": (0.503, 0.479, 0.871, 0.914),
}
"""Summary-level Pearson and Spearman, then system-level, from the scores that REALSumm ships with its summaries."""

HEAD = """# ROUGE and fact recall against people, on REALSumm

Made by `python benchmarks/quality/realsumm.py` on {date}, from {articles} articles × {systems} systems; Python
{python}.

Pearson / Spearman, with 95% intervals over articles. Published: from the ROUGE and the human scores that REALSumm
ships. Ours are computed from its texts, against the majority of its votes on each fact; rouge-score and scipy give the
same as ours from these, to the fourth decimal. The published ROUGE-L is nearer to Lsum, which goes by sentences. A
system-level correlation is lower in resamples than in the data, which the interval takes back, so it need not hold
the value itself.
`fact_recall` asks the verifier `lexical`, which was fitted on these very labels, so its numbers here are kind to it;
those out of fold are in `benchmarks/lexical.md`. `faithfulness` asks whether the article supports the summary, which
is another question than how much of the reference the summary covers.
"""


@dataclass(frozen=True, slots=True)
class Correlations:
    """Correlations of one metric with people."""

    summary_pearson: Figure
    summary_spearman: Figure
    system_pearson: Figure
    system_spearman: Figure


def human(folder: Path) -> dict[tuple[str, str], float]:
    """(System, article) → the share of the content units that people found in the summary."""
    found = {}
    with (folder / "realsumm_coverage.jsonl").open(encoding="utf-8") as file:
        for row in map(json.loads, file):
            labels = row["labels"]
            found[row["system"], row["group"]] = sum(label == "supported" for label in labels) / len(labels)
    return found


def plan(folder: Path) -> Plan:
    """The 25 systems and 100 articles of ``configs/realsumm.yaml``, read from ``folder``."""
    os.environ["HARNESS_LABELLED_DATA"] = str(folder.resolve())
    return pipeline.plan(config.load(CONFIG))


def rouge(planned: Plan) -> list[Score]:
    """The scores of the replayed summaries by ROUGE alone: no verifier is asked."""
    scorer: Scorer = Rouge()
    (model,) = planned.config.models.values()
    requests = [request for system in planned.systems for request in planned.requests(system, planned.items)]
    made: dict[str, Generation] = {answer.request_id: answer for answer in model.generate(requests)}
    summaries = [
        Summary(request.id, request.system, request.item.article.id, request.sample, made[request.id])
        for request in requests
    ]
    scores, faults = scoring.score([scorer], scoring.build_cases(planned.items, summaries, ()))
    if faults:
        raise SystemExit("\n".join(scoring.list_problems(faults)))
    return scores


def everything(planned: Plan) -> list[Score]:
    """The scores of a whole run of the config, its verifier and all."""
    with TemporaryDirectory() as folder:
        outcome = pipeline.run(replace(planned.config, output=Path(folder)))
    if outcome.results.manifest.problems:
        raise SystemExit("\n".join(outcome.results.manifest.problems))
    return list(outcome.results.scores)


def correlations(scores: list[Score], metric: str, people: Mapping[tuple[str, str], float]) -> Correlations:
    """Correlate a metric's scores with people's; summaries without a value are left out of both."""
    table = _table({(s.system, s.article_id): s.value for s in scores if s.metric == metric}, people)
    articles, resampler = len(table.people), Resampler.of(np.random.default_rng(0), agreement.RESAMPLES)

    def figure(measure: agreement.Measure) -> Figure:
        return agreement.figure(measure, articles, resampler, agreement.CORRELATION)

    return Correlations(
        figure(agreement.mean_correlation(agreement.correlations_by_article(table, agreement.pearson))),
        figure(agreement.mean_correlation(agreement.correlations_by_article(table, agreement.spearman))),
        figure(agreement.system_level(table, agreement.pearson)),
        figure(agreement.system_level(table, agreement.spearman)),
    )


def _table(ours: Mapping[tuple[str, str], float | None], people: Mapping[tuple[str, str], float]) -> Summaries:
    systems, articles = (sorted({place[part] for place in people}) for part in (0, 1))

    def grid(values: Mapping[tuple[str, str], float | None]) -> Floats:
        rows = [[values.get((system, article)) for system in systems] for article in articles]
        return np.array([[np.nan if value is None else value for value in row] for row in rows], dtype=np.float64)

    found, said = grid(ours), grid(dict(people))
    there = np.isfinite(found) & np.isfinite(said)
    return Summaries(np.where(there, said, 0.0), np.where(there, found, 0.0), there)


def row(name: str, found: Correlations) -> str:
    """A line of the table: ours with intervals, then what was published."""
    cells = [
        f"{_shown(pearson)} / {_shown(spearman)}"
        for pearson, spearman in (
            (found.summary_pearson, found.summary_spearman),
            (found.system_pearson, found.system_spearman),
        )
    ]
    known = PUBLISHED.get(name)
    published = [f"{known[at]:.3f} / {known[at + 1]:.3f}" for at in (0, 2)] if known else ["–", "–"]
    return f"| {name} | {cells[0]} | {published[0]} | {cells[1]} | {published[1]} |"


def _shown(figure: Figure) -> str:
    if figure.value is None or figure.low is None or figure.high is None:
        return f"– ({figure.reason})"
    return f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})"


def main() -> None:
    command = parser(__doc__)
    folder = command.parse_args().data
    if not (folder / "realsumm_coverage.jsonl").is_file():
        command.error(f"{folder} has no realsumm_coverage.jsonl; name its folder with --data")
    planned, people = plan(folder), human(folder)
    scores = everything(planned)
    head = HEAD.format(
        date=date.today().isoformat(),
        articles=len(planned.items),
        systems=len(planned.systems),
        python=provenance.list_packages()["python"],
    )
    lines = ["| metric | summary level | published | system level | published |", "|---|---:|---:|---:|---:|"]
    lines += [row(name, correlations(scores, name, people)) for name in (*ROUGE, *OURS)]
    text = "\n".join([head, *lines]) + "\n"
    write_text(TABLE, text)
    sys.stdout.write(text)


if __name__ == "__main__":
    main()

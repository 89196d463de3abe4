"""The report of a run. An article's page is built on request, everything else at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from harness.document import format as fmt
from harness.records import Item, Manifest, Results, Stage, System
from harness.report.article import ArticlePage, build_page
from harness.report.index import Index
from harness.report.scores import MetricTable, build_leaderboard
from harness.report.tally import Counts, count_verdicts
from harness.report.trust import Trust, assess

MAX_ARTICLES = 200
"""Maximum number of articles shown one by one; the numbers cover all articles."""
MAX_VERDICTS = 2_000
"""Maximum number of verdicts on one page (about 2 MB). If there are more, each article gets its own page."""
_TYPICAL_CLAIMS = 6  # per summary
_PARTIAL = {
    "running": "Partial: the run was in progress when this was written. Missing values are marked with the reason.",
    "interrupted": "Partial: the run was interrupted. Run the same command again to resume it.",
}


@dataclass(frozen=True, slots=True)
class Report:
    index: Index
    board: MetricTable
    counts: Counts
    trust: Trust
    shown: range
    """Indices in the run of the articles shown; at most ``MAX_ARTICLES``."""

    @property
    def items(self) -> Sequence[Item]:
        """The articles shown."""
        return self.index.results.items[self.shown.start : self.shown.stop]

    @property
    def manifest(self) -> Manifest:
        return self.index.results.manifest

    @property
    def subtitle(self) -> str:
        """Config, size and date."""
        manifest, articles = self.manifest, len(self.index.results.items)
        config = " with ".join(filter(None, [manifest.config_file, ", ".join(manifest.overrides)]))
        if manifest.judged_by:
            same = () if manifest.overrides else (f"--config {manifest.config_file}",)
            options = [each for each in manifest.judged_by if each not in same]
            config += f", rescored with {' '.join(options)}" if options else ", rescored"
        size = f"{fmt.plural(len(manifest.systems), 'system')} × {fmt.plural(articles, 'article')}"
        return " · ".join(filter(None, (config, size, fmt.moment(manifest.started))))

    @property
    def banner(self) -> str:
        """A warning if the run is unfinished; empty if it is complete."""
        return _PARTIAL.get(self.manifest.status, "")

    @property
    def systems(self) -> list[System]:
        return [row.system for row in self.board.rows]

    @property
    def fits_one_page(self) -> bool:
        verdicts = sum(len(item.facts) + _TYPICAL_CLAIMS for item in self.items) * len(self.systems)
        return len(self.shown) == 1 or verdicts <= MAX_VERDICTS

    def page(self, number: int) -> ArticlePage:
        return build_page(self.index, self.index.results.items[number], self.systems)

    @property
    def provenance(self) -> list[tuple[str, Mapping[str, str]]]:
        """How to repeat the run: headings, each with names and values."""
        manifest = self.manifest
        run = {
            "config": manifest.config_file,
            "status": manifest.status,
            "started": fmt.moment(manifest.started),
            "last scored": fmt.moment(manifest.finished) if manifest.finished else fmt.MISSING,
            "seed": str(manifest.seed),
        }
        models = {
            name: ", ".join(f"{key} {value}" for key, value in values.items())
            for name, values in manifest.models.items()
            if values
        }
        parts: list[tuple[str, Mapping[str, str]]] = [
            ("Run", run),
            ("Stages", {stage.name: _describe_stage(stage) for stage in manifest.stages}),
            ("Systems", {system.name: system.signature for system in manifest.systems}),
            ("Models", models),
            ("Verifier", {"signature": manifest.verifier}),
            ("Scorers", manifest.scorers),
            ("Judging", manifest.judging),
            ("Machine", manifest.machine),
            ("Packages", manifest.packages),
            ("Git", manifest.git),
        ]
        return [(heading, values) for heading, values in parts if values]


@lru_cache(maxsize=2)
def build_report(results: Results) -> Report:
    index = Index(results)
    counts = count_verdicts(index)
    shown = range(min(len(results.items), MAX_ARTICLES))
    return Report(index, build_leaderboard(index), counts, assess(results, counts), shown)


def _describe_stage(stage: Stage) -> str:
    counts = [(stage.made, "new"), (stage.cached, "from the cache"), (stage.kept, "reused"), (stage.failed, "failed")]
    done = ", ".join(f"{fmt.count(number)} {word}" for number, word in counts if number)
    return f"{done or 'nothing to do'}; {fmt.seconds(stage.seconds)}"

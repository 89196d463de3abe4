"""The list of runs: of each what it is, how it went, what came out first, and how far its verifier is to be trusted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.compare.ranking import ranking_metric
from harness.compare.stored import StoredRun
from harness.compare.table import ScoreTable, filled
from harness.config.trust import may_read
from harness.data.runs import results, upkeep
from harness.data.runs.record_file import adapter
from harness.data.runs.results import RunFolder
from harness.document import format as fmt
from harness.document import roles
from harness.errors import HarnessError, RunFolderError
from harness.files import show
from harness.records import Manifest, Metric, Role, Score, System
from harness.report.trust import measurements
from harness.signature import kind_of
from harness.stats.arrays import equal
from harness.stats.caution import is_ranked

_NAMED = 3
"""Up to so many systems that come first are named."""
_RANKED: tuple[Role, Role] = ("system", "floor")


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run in the list."""

    name: str
    status: str = ""
    """The manifest's word: complete, running, interrupted; empty where it cannot be read."""
    started: str = ""
    size: str = ""
    """``7 systems × 1 article``."""
    metric: Metric | None = None
    """What ranks the systems; None where nothing does."""
    best: str = ""
    """The system that comes first by it, or all that do."""
    value: str = ""
    """Its mean."""
    floor: str = ""
    """What the floor reaches where no system does better, or where none is under test; empty elsewhere."""
    trust: str = ""
    problem: str = ""
    """Why the run, or its numbers, cannot be read."""
    note: str = ""
    """What a person wrote on the run."""
    words: str = ""
    """What a search looks through, in small letters."""
    order: Mapping[str, Any] = field(default_factory=dict)
    """Column → what the runs are sorted by."""
    sources: tuple[Path, ...] = ()
    """Where its articles lie, as far as its manifest may lead there: folders that are there or come back, and files."""


def line(run: RunFolder) -> RunRow:
    """A run in the list; what is wrong with it stands in its line and stops no other."""
    name = run.path.name
    try:
        manifest, note = run.manifest, upkeep.note(run.path)
    except HarnessError as error:
        return RunRow(name, problem=str(error), words=name.casefold(), order={"name": name})
    size = f"{fmt.plural(len(manifest.systems), 'system')} × {fmt.plural(len(manifest.articles), 'article')}"
    metric, best, mean, floor, problem = None, "", -1.0, "", ""
    try:
        metric, best, mean, floor = _first(run, manifest)
    except HarnessError as error:
        problem = str(error)
    trusted = _trust(manifest)
    searched = (
        name,
        note,
        manifest.config_file,
        *manifest.overrides,
        *manifest.judged_by,
        *(each.name for each in manifest.systems),
        trusted,
    )
    return RunRow(
        name=name,
        status=manifest.status,
        started=fmt.moment(manifest.started),
        size=size,
        metric=metric,
        best=best,
        value=fmt.value(mean, metric.format) if metric and best else "",
        floor=floor,
        trust=trusted,
        problem=problem,
        note=note,
        words=" ".join(searched).casefold(),
        order={
            "name": name.casefold(),
            "status": manifest.status,
            "best": best.casefold(),
            "score": mean,
            "size": len(manifest.systems) * len(manifest.articles),
            "verifier": trusted,
            "started": manifest.started,
        },
        sources=tuple(_sources(run, manifest)),
    )


def _sources(run: RunFolder, manifest: Manifest) -> Iterator[Path]:
    for path in results.article_paths(run.path, manifest):
        if may_read(path, run.path):
            yield path.resolve()


def _first(run: RunFolder, manifest: Manifest) -> tuple[Metric | None, str, float, str]:
    """The ranking metric, the systems under test that come first by it with their mean, and what the floor has where
    no system does better, or where none is under test."""
    ranked = _ranked(run, manifest)
    if ranked is None:
        return None, "", -1.0, ""
    metric, scores = ranked
    groups = roles.grouped(manifest.systems)
    tested, floor = (_means(scores, metric, groups.get(role, ())) for role in _RANKED)
    if not (tested or ("system" not in groups and floor)):
        return metric, "", -1.0, ""
    best, mean = _best(metric, tested) if tested else ("", -1.0)
    names, reach = _best(metric, floor) if floor else ("", mean)
    level = not tested or equal(reach, mean) or (reach < mean if metric.better == "lower" else reach > mean)
    reached = f"{fmt.value(reach, metric.format)} ({names})" if level and floor else ""
    return metric, best, mean, reached


def _ranked(run: RunFolder, manifest: Manifest) -> tuple[Metric, ScoreTable] | None:
    """The metric that ranks, with its scores: one that has a value, where any has; None where no metric can rank."""
    metrics = list(StoredRun(run.path.name, run, manifest).metrics.values())
    systems = [system.name for system in manifest.systems]
    first = None
    while metric := ranking_metric(metrics):
        scores = filled(systems, manifest.articles, [metric], _scores(run, metric.name)).table()
        first = first or (metric, scores)
        if scores.has_value(metric.name):
            return metric, scores
        metrics.remove(metric)
    return first


def _means(scores: ScoreTable, metric: Metric, systems: Iterable[System]) -> dict[str, float]:
    """The means of the systems that have one, of enough articles to be ranked by, by name."""
    counted = {name: scores.column(name, metric.name).values.size for name in scores.systems}
    most = max(counted.values(), default=0)
    means = ((system.name, scores.mean(system.name, metric.name)) for system in systems)
    return {name: mean for name, mean in means if mean is not None and is_ranked(counted[name], most)}


def _best(metric: Metric, means: Mapping[str, float]) -> tuple[str, float]:
    """All that have the best mean, in words, and the mean."""
    best = (min if metric.better == "lower" else max)(means.values())
    first = sorted(name for name, mean in means.items() if equal(mean, best))
    return fmt.listed(first) if len(first) <= _NAMED else f"{len(first)} systems", best


def _scores(run: RunFolder, metric: str) -> Iterable[Score]:
    """The scores of one metric: the other lines are not parsed, which is most of the time of a large run."""
    try:
        data = run.scores.path.read_bytes()
    except OSError:  # not scored yet
        return
    sign = f'"metric":"{metric}"'.encode()
    for number, row in enumerate(data.split(b"\n"), start=1):
        if sign in row:
            try:
                yield adapter(Score).validate_json(row)
            except ValueError:
                message = f"is not a whole record; score the run again: harness score {show(run.path)}"
                raise RunFolderError.at(show(run.scores.path), message, number) from None


def _trust(manifest: Manifest) -> str:
    """What a report says first of the verifier."""
    if not manifest.verifier:
        return "not verified"
    return f"{kind_of(manifest.verifier)}: {next(measurements(manifest.agreement))}"

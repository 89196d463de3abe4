"""Read from disk the parts of finished runs that a comparison needs; no model or verifier is loaded."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import NamedTuple, TypeVar

from harness.compare.table import ScoreTable, tabulate, without_labels
from harness.config.run_config import RunConfig, load_judging
from harness.data import articles, labels
from harness.data.articles.loading import Articles
from harness.data.labels import People
from harness.data.runs import results
from harness.data.runs.results import RunFolder
from harness.document import format as fmt
from harness.errors import DataError, HarnessError, RunFolderError
from harness.files import as_argument, show, translate_errors
from harness.records import PEOPLE, Annotation, Check, Fact, Label, Manifest, Metric, Score, Summary, Use
from harness.signature import kind_of


def open_all(paths: Sequence[Path]) -> tuple[StoredRun, ...]:
    """Open the runs in these folders.

    Raises RunFolderError if a folder has no finished run, is given twice or needs ``--trust``, and ConfigError if its
    manifest names something that this version of harness lacks.
    """
    with translate_errors(RunFolderError):
        resolved = [path.resolve() for path in paths]
    for number, path in enumerate(resolved):
        if path in resolved[:number]:
            raise RunFolderError(f"{show(paths[number])} is given twice; name two different runs")
    depth = 1
    while len({path.parts[-depth:] for path in resolved}) < len(resolved):
        depth += 1
    return tuple(_open(path, "/".join(end.parts[-depth:])) for path, end in zip(paths, resolved, strict=True))


def _open(path: Path, name: str) -> StoredRun:
    folder = RunFolder(path)
    manifest = folder.manifest
    if results.is_being_written(manifest, path):
        raise RunFolderError(f"{show(path)} is still being written; wait until its run has ended")
    if manifest.status == "running":
        raise RunFolderError(
            f"{show(path)}: the run was killed before it was scored; to resume it, run its config again: "
            f"{results.format_rerun_command(manifest, path)}"
        )
    if manifest.status == "complete" and manifest.finished is None:
        raise RunFolderError(f"{show(path)}: scoring was stopped; score it again: harness score {as_argument(path)}")
    folder.require_records(manifest)
    if not folder.scores.path.is_file():
        raise RunFolderError(
            f"{show(path)} has no scores.jsonl; score its summaries: harness score {as_argument(path)}"
        )
    return StoredRun(name, folder, manifest, load_judging(manifest, path))


class BriefCheck(NamedTuple):
    """A check without probabilities, evidence and reason, which take most of the memory of a ``Check``."""

    system: str
    article_id: str
    target: str
    hypothesis: str
    sample: int
    use: Use
    label: Label
    abstained: bool
    by_people: bool

    @classmethod
    def of(cls, check: Check) -> BriefCheck:
        texts = (check.system, check.article_id, check.target, check.hypothesis)
        system, article, target, hypothesis = map(sys.intern, texts)
        label, abstained = check.verdict.label, check.verdict.abstained
        by_people = kind_of(check.verdict.verifier) == PEOPLE
        return cls(system, article, target, hypothesis, check.sample, check.use, label, abstained, by_people)


@dataclass(frozen=True)
class StoredRun:
    name: str
    """The end of its path, long enough to tell the runs apart."""
    folder: RunFolder
    manifest: Manifest
    config: RunConfig
    """The part of the run's config that sets the verifier and the scorers."""
    verifier_alone: bool = False
    """True if people's labels are ignored; all verdicts and scores are then the verifier's own."""

    def tabulate(self, metrics: Sequence[Metric], articles: Sequence[str]) -> ScoreTable:
        systems = [system.name for system in self.manifest.systems]
        return tabulate(self.read_scores(articles), metrics, articles, systems)

    def read_scores(self, articles: Iterable[str]) -> Iterator[Score]:
        """Yield the scores of these articles, one article at a time; if ``verifier_alone``, the verifier's own."""
        scores = chain.from_iterable(self.folder.scores.read_articles([article]) for article in articles)
        return map(without_labels, scores) if self.verifier_alone else scores

    @cached_property
    def verdicts(self) -> tuple[BriefCheck, ...]:
        """The verdict on each fact and claim: people's if they gave one, else the verifier's."""
        people = None if self.verifier_alone else People(self._labels or ())
        if not people:
            return tuple(map(BriefCheck.of, self.folder.checks))
        summaries = {summary.place: summary.text for summary in self.summaries}
        articles = {item.article.id: item.article.text for item in self._items}
        judged = []
        for check in self.folder.checks:
            premise = summaries.get(check.place) if check.use == "coverage" else articles.get(check.article_id)
            judged.append(BriefCheck.of(check if premise is None else people.check(check, premise)))
        return tuple(judged)

    @cached_property
    def summaries(self) -> tuple[Summary, ...]:
        return tuple(self.folder.summaries)

    @cached_property
    def metrics(self) -> Mapping[str, Metric]:
        """The metrics of the run's scorers, by name."""
        return {metric.name: metric for scorer in self.config.scorers for metric in scorer.metrics()}

    @cached_property
    def facts(self) -> tuple[Mapping[tuple[str, str], Fact], str | None]:
        """The current facts by (article, id), or the reason why they are unknown."""
        try:
            return {(item.article.id, fact.id): fact for item in self._items for fact in item.facts}, None
        except HarnessError as error:
            return {}, f"{self.name}: the importance of the facts is unknown: {error}"

    @property
    def has_new_labels(self) -> bool:
        """True if people's labels have changed since the run was scored, so that its scores are out of date."""
        if self.verifier_alone or self._labels is None:
            return False
        return self.manifest.labels not in ("", labels.hash_labels(self._labels, self.manifest.articles))

    @property
    def has_unreadable_labels(self) -> bool:
        """True if the run was scored with people's labels, but they cannot be read."""
        return self._labels is None and self.manifest.labels not in ("", labels.hash_labels((), ()))

    @cached_property
    def _labels(self) -> tuple[Annotation, ...] | None:
        """People's labels for the run's articles, or None if an article is missing or cannot be read."""
        if not self.config.use_labels:
            return ()
        with suppress(HarnessError):
            if self.manifest.articles.keys() <= self._items.ids:
                return labels.load_labels(self._items.select(self.manifest.articles), self.config.labels)[0]
        return None

    @cached_property
    def _items(self) -> Articles:
        return articles.load(*self.config.articles, limit=self.config.limit)


def use_same_judges(runs: Sequence[StoredRun]) -> tuple[tuple[StoredRun, ...], str]:
    """Use people's labels if they cover every verdict of every run, and otherwise the verifier's verdicts alone.

    If people judged only one of two runs, the runs could differ for this reason alone. Also return a sentence that says
    whose verdicts count; the sentence is empty if people judged nothing.
    """
    by_verifier = tuple(replace(run, verifier_alone=True) for run in runs)
    if unreadable := [run.name for run in runs if run.has_unreadable_labels]:
        names = fmt.join_words(unreadable)
        return by_verifier, f"People's labels of {names} cannot be read, so only the verifier's verdicts count here."
    counts = [(run.name, sum(check.by_people for check in run.verdicts), len(run.verdicts)) for run in runs]
    if not any(judged for _, judged, _ in counts):
        return tuple(runs), ""
    if all(judged == verdicts for _, judged, verdicts in counts):
        every = fmt.join_words([f"all {fmt.plural(verdicts, 'verdict')} of {name}" for name, _, verdicts in counts])
        return tuple(runs), f"People judged {every}; their labels replace the verifier's verdicts."
    shares = fmt.join_words([f"{judged:,} of {verdicts:,} verdicts of {name}" for name, judged, verdicts in counts])
    return by_verifier, f"People judged {shares}. To compare like with like, only the verifier's verdicts count here."


def find_shared_articles(runs: Sequence[StoredRun]) -> tuple[str, ...]:
    """List the articles whose text is the same in all runs; raise DataError if the runs share no article."""
    first, *others = (run.manifest.articles for run in runs)
    shared = tuple(name for name, text in first.items() if all(other.get(name) == text for other in others))
    if not shared:
        listing = "; ".join(f"{run.name}: {fmt.shorten_list(list(run.manifest.articles), 3)}" for run in runs)
        raise DataError(f"no article has the same id and text in all runs ({listing}); run them on the same articles")
    return shared


R = TypeVar("R", BriefCheck, Summary)


def group_by_system(records: Iterable[R], articles: Iterable[str]) -> dict[str, list[R]]:
    """Group the records of these articles by system."""
    by_system: dict[str, list[R]] = {}
    wanted = frozenset(articles)
    for record in records:
        if record.article_id in wanted:
            by_system.setdefault(record.system, []).append(record)
    return by_system

"""Finished runs as they lie on disk, read part by part, for what compares them: no model and no verifier is needed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from harness import plugins
from harness.config import layers
from harness.config.layers import Layers
from harness.config.trust import require_trust
from harness.data import articles, labels
from harness.data.articles import sources
from harness.data.articles.collection import Articles
from harness.data.labels.people import People
from harness.data.runs import results
from harness.data.runs.record_file import RecordFile
from harness.data.runs.results import RunFolder
from harness.data.validation import validate
from harness.errors import HarnessError, RunFolderError
from harness.files import show
from harness.records import Annotation, Fact, Label, Manifest, Metric, Place, Score, Summary, Use
from harness.seams import Scorer, expanded


@dataclass(frozen=True, slots=True)
class StoredLabel:
    """What of a verdict says how it was decided."""

    label: Label


@dataclass(frozen=True, slots=True)
class StoredVerdict:
    """What a comparison reads of a line of ``verdicts.jsonl``: a third of it, so that many are read fast."""

    system: str
    article_id: str
    sample: int
    use: Use
    target: str
    hypothesis: str
    verdict: StoredLabel
    by_people: bool = False
    """Whether the label is what people say; on disk stands what the verifier said."""

    @property
    def label(self) -> Label:
        return self.verdict.label

    @property
    def place(self) -> Place:
        return Place(self.system, self.article_id, self.sample)


@dataclass(frozen=True)
class StoredRun:
    """A run on disk. Its records are read when they are first asked for."""

    name: str
    """What tells it from the runs that it is read with: its folder's name, or more of the path."""
    folder: RunFolder
    manifest: Manifest

    @cached_property
    def scores(self) -> tuple[Score, ...]:
        return tuple(self.folder.scores.read())

    @cached_property
    def judged(self) -> tuple[StoredVerdict, ...]:
        """The verdicts, the last of each place: people's where there are any, else the verifier's."""
        read = RecordFile(self.folder.checks.path, StoredVerdict).read()
        verdicts = results.last(read, lambda line: (line.place, line.use, line.target))
        people = self._people
        return tuple(self._by_people(line, people) for line in verdicts) if people else tuple(verdicts)

    @property
    def is_labelled_anew(self) -> bool:
        """Whether other labels of people hold than when it was scored, so that its scores are not by them."""
        if not self.manifest.labels or self._labels is None or not self.manifest.articles.keys() <= self._items.ids:
            return False
        return labels.digest_of(self._labels) != self.manifest.labels

    @cached_property
    def _people(self) -> People:
        return People.of(self._labels or ())

    @cached_property
    def _labels(self) -> tuple[Annotation, ...] | None:
        """What people said of the run's articles; None where these cannot be read, which ``facts`` says."""
        try:
            file = self.config.data.get("labels")
            path = self.folder.path / expanded(str(file)) if file else None
            judged = self._items.chosen([name for name in self.manifest.articles if name in self._items.ids])
            return labels.of(judged, path)[0]
        except HarnessError:
            return None

    def _by_people(self, line: StoredVerdict, people: People) -> StoredVerdict:
        premise = self._texts.get(line.place) if line.use == "coverage" else self._articles.get(line.article_id)
        label = people.label(line.use, line.hypothesis, premise) if premise is not None else None
        return replace(line, verdict=StoredLabel(label), by_people=True) if label else line

    @property
    def people_judged(self) -> tuple[str, int, int]:
        """Its name, how many of its verdicts people gave, and how many there are."""
        return self.name, sum(line.by_people for line in self.judged), len(self.judged)

    @cached_property
    def _texts(self) -> dict[Place, str | None]:
        return {summary.place: summary.text for summary in self.summaries}

    @cached_property
    def _articles(self) -> dict[str, str]:
        return {item.article.id: item.article.text for item in self._items}

    @cached_property
    def _items(self) -> Articles:
        listed = enumerate(self.config.data.get("articles", []))
        opened = [sources.source(each, ("articles", at), self.config) for at, each in listed]
        return articles.load(*opened, limit=self.config.data.get("limit"))

    @cached_property
    def summaries(self) -> tuple[Summary, ...]:
        return tuple(results.last(self.folder.summaries.read(), lambda summary: summary.place))

    @cached_property
    def metrics(self) -> Mapping[str, Metric]:
        """The metrics of the run's scorers by name, as far as they are known."""
        return {metric.name: metric for known in self._scorers if not isinstance(known, str) for metric in known}

    @property
    def unknown_metrics(self) -> tuple[str, ...]:
        """Why the metrics of some scorers are not known."""
        return tuple(reason for reason in self._scorers if isinstance(reason, str))

    @cached_property
    def _scorers(self) -> Sequence[Sequence[Metric] | str]:
        """The metrics of each scorer, or why they are not known."""
        scorers: list[Sequence[Metric] | str] = []
        for number, scorer in enumerate(self.config.data.get("scorers", [])):
            try:
                scorers.append(_metrics(scorer, number, self.config))
            except HarnessError as error:
                scorers.append(f"{self.name}: the metrics of a scorer are not known: {error}")
        return scorers

    @cached_property
    def facts(self) -> tuple[dict[tuple[str, str], Fact], str | None]:
        """The facts of today by (article, id); and why they are not known, where they are not."""
        try:
            items = self._items
        except HarnessError as error:
            return {}, f"{self.name}: how important the facts are is not known: {error}"
        return {(item.article.id, fact.id): fact for item in items for fact in item.facts}, None

    @cached_property
    def config(self) -> Layers:
        """The config of its manifest; UntrustedError where that names what is not followed unasked."""
        file = show(self.folder.path / "manifest.json")
        config = layers.layer_mapping(self.manifest.config, self.folder.path, file)
        require_trust(config, self.folder.path)
        return config


R = TypeVar("R", StoredVerdict, Summary, Score)


def by_system(records: Iterable[R], articles: Collection[str]) -> dict[str, list[R]]:
    """The records of these articles, by their system."""
    of_system: dict[str, list[R]] = {}
    for record in records:
        if record.article_id in articles:
            of_system.setdefault(record.system, []).append(record)
    return of_system


def open_all(paths: Sequence[Path]) -> tuple[StoredRun, ...]:
    """The runs in these folders; RunFolderError where one is no run, is not finished, or is named twice."""
    resolved = [path.resolve() for path in paths]
    for number, path in enumerate(resolved):
        if path in resolved[:number]:
            raise RunFolderError(f"{show(paths[number])} is named twice; name two runs")
    return tuple(_opened(path, name) for path, name in zip(paths, _names(resolved), strict=True))


def _opened(path: Path, name: str) -> StoredRun:
    folder = RunFolder(path)
    manifest = folder.manifest
    if results.being_written(manifest, path):
        raise RunFolderError(f"{show(path)} is still being written; wait until its run has ended")
    if manifest.status == "running":
        raise RunFolderError(
            f"{show(path)} is of a run that was killed before it was scored; run its config again and it goes on: "
            f"harness run {manifest.config_file}"
        )
    if manifest.status == "complete" and manifest.finished is None:
        raise RunFolderError(f"the scoring of {show(path)} was stopped; score it again: harness score {show(path)}")
    if not folder.scores.path.is_file():
        raise RunFolderError(f"{show(path)} has no scores.jsonl; score its summaries: harness score {show(path)}")
    stored = StoredRun(name, folder, manifest)
    stored.config  # noqa: B018  # that it may be followed is known before anything is read
    return stored


def _names(paths: Sequence[Path]) -> Iterator[str]:
    """The shortest ends of the paths that differ from one another."""
    depth = 1
    while len({path.parts[-depth:] for path in paths}) < len(paths):
        depth += 1
    for path in paths:
        yield "/".join(path.parts[-depth:])


def _metrics(scorer: object, number: int, config: Layers) -> Sequence[Metric]:
    options = dict(scorer) if isinstance(scorer, dict) else {"kind": scorer}
    kind = str(options.pop("kind", ""))
    cls = plugins.find(Scorer, kind)
    with plugins.answering(cls):
        return validate(cls, options, ("scorers", number), config).metrics()

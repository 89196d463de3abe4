"""A run, as prose: plan, generate, verify, score, report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from harness import config as configs
from harness import manifest as manifests
from harness import plan as plans
from harness.config import RunConfig
from harness.data import articles, cache, labels, results
from harness.data.results import RunFolder
from harness.errors import RunFolderError
from harness.files import show, write_text
from harness.plan import Plan
from harness.records import Check, Item, Manifest, Results, Summary
from harness.reports import html, markdown
from harness.stages import score as scoring
from harness.stages.generate import Generate
from harness.stages.notices import notices
from harness.stages.verify import Verify, questions
from harness.store import home


@dataclass(frozen=True)
class Outcome:
    """What a run came to, and where it lies."""

    results: Results
    folder: Path

    @property
    def report(self) -> Path:
        return self.folder / "report.html"


def plan(config: RunConfig) -> Plan:
    """The systems and articles of a config, with everything checked that needs no weights."""
    return plans.make(config, articles.load(*config.articles, limit=config.limit))


def run(config: RunConfig, use_cache: bool = True) -> Outcome:
    """Do what is not done yet, and write the reports. ``use_cache=False`` computes a finished run anew.

    Ctrl-C ends the stage it falls into; what was made by then is judged, scored and reported.
    """
    planned = plan(config)
    with results.locked(config.output) as folder, _cache(use_cache) as store:
        fresh = not use_cache and folder.is_complete
        manifest = manifests.begin(planned, folder.path)
        folder.write_manifest(manifest)

        generate = Generate(planned, folder, store)
        stopped = _interrupted(lambda: generate.run(fresh))
        verify = _verify(config, planned.items, generate.summaries, folder, store)
        stopped |= _interrupted(lambda: verify.run(fresh))

        manifest = replace(
            manifest,
            status="interrupted" if stopped else "complete",
            stages=(generate.stage, verify.stage),
            problems=(*generate.problems, *verify.problems),
        )
        return _finish(folder, manifest, config, _Made(planned.items, generate.summaries, verify.checks))


def score(path: Path, config_file: Path | None = None, overrides: Sequence[str] = ()) -> Outcome:
    """Judge and score a run's summaries again, with today's facts and references; no summariser is loaded.

    Verifier and scorers are those of ``config_file`` where it is given, else the run's own.
    """
    _must_be_a_run(path)
    with results.locked(path) as folder, _cache(True) as store:
        manifest = folder.manifest
        config = _judging(manifest, folder, config_file, overrides)
        limit = config.limit if config_file is None else None
        items = _same_articles(manifest, articles.load(*config.articles, limit=limit))
        summaries = results.last(folder.summaries.read(), lambda summary: summary.place)

        verify = _verify(config, items, summaries, folder, store)
        stopped = _interrupted(verify.run)

        generated = tuple(stage for stage in manifest.stages if stage.name == "generate")
        manifest = replace(
            manifests.judged_by(manifest, config, items),
            status="interrupted" if stopped else manifest.status,
            stages=(*generated, verify.stage),
            problems=(*_of_generation(manifest), *verify.problems),
        )
        return _finish(folder, manifest, config, _Made(items, summaries, verify.checks))


def read(path: Path) -> Results:
    """A run as it lies on disk, with its articles, references and facts of today."""
    _must_be_a_run(path)
    folder = RunFolder(path)
    manifest = folder.manifest
    config = _judging(manifest, folder, None, ())
    items = _same_articles(manifest, articles.load(*config.articles, limit=config.limit))
    summaries = results.last(folder.summaries.read(), lambda summary: summary.place)
    checks = results.last(folder.checks.read(), lambda check: (check.place, check.use, check.target))
    scores = folder.scores.read()
    found = Results(manifest, items, tuple(summaries), tuple(checks), tuple(scores), scoring.metrics(config.scorers))
    return _labelled(found, config)


@dataclass(frozen=True)
class _Made:
    """What the stages before scoring gave."""

    items: tuple[Item, ...]
    summaries: Sequence[Summary]
    checks: Sequence[Check]


def _finish(folder: RunFolder, manifest: Manifest, config: RunConfig, made: _Made) -> Outcome:
    """Score, report, and close the manifest."""
    scores, problems = scoring.score(config.scorers, scoring.cases(made.items, made.summaries, made.checks))
    folder.scores.replace(scores)
    manifest = replace(
        manifest,
        finished=manifests.now(),
        problems=(*manifest.problems, *problems),
        notices=notices(made.items, made.summaries, config.scorers, scores),
    )
    found = Results(
        manifest,
        made.items,
        tuple(made.summaries),
        tuple(made.checks),
        tuple(scores),
        scoring.metrics(config.scorers),
    )
    found = _labelled(found, config)
    write_text(folder.path / "report.md", markdown.render(found))
    write_text(folder.path / "report.html", html.render(found))
    folder.write_manifest(found.manifest)
    return Outcome(found, folder.path)


def _labelled(found: Results, config: RunConfig) -> Results:
    """The results with what people said. A line that cannot be read costs that label, and the report says so."""
    held, faults = labels.of(found.items, config.labels)
    notices = tuple(dict.fromkeys((*found.manifest.notices, *map(str, faults))))
    place = show(config.labels) if config.labels else ""
    return replace(found, manifest=replace(found.manifest, notices=notices), labels=held, labels_file=place)


def _verify(
    config: RunConfig, items: Sequence[Item], summaries: Sequence[Summary], folder: RunFolder, store: cache.Cache
) -> Verify:
    asked = questions(items, summaries, config.verifier.signature(), config.claims)
    return Verify(asked, config.verifier, folder, store)


def _interrupted(work: Callable[[], None]) -> bool:
    """Whether Ctrl-C ended the work."""
    try:
        work()
    except KeyboardInterrupt:
        return True
    return False


def _cache(used: bool) -> AbstractContextManager[cache.Cache]:
    return cache.opened(home()) if used else nullcontext(cache.NoCache())


def _judging(manifest: Manifest, folder: RunFolder, config_file: Path | None, overrides: Sequence[str]) -> RunConfig:
    """The config that a run is judged by."""
    if config_file is not None:
        return configs.load(config_file, overrides)
    file = show(folder.path / "manifest.json")
    return configs.load_judging(manifest.config, folder.path, file, overrides)


def _same_articles(manifest: Manifest, items: Sequence[Item]) -> tuple[Item, ...]:
    """The run's articles; RunFolderError where one is gone or its text is another than was summarised."""
    by_id = {item.article.id: item for item in items}
    changed = [
        name
        for name, text in manifest.articles.items()
        if name not in by_id or manifests.article_hash(by_id[name]) != text
    ]
    if changed:
        raise RunFolderError(
            f"the articles changed or went since they were summarised: {', '.join(changed[:5])}"
            f"{' …' if len(changed) > 5 else ''}; make their summaries anew: harness run {manifest.config_file}"
        )
    return tuple(by_id[name] for name in manifest.articles)


def _must_be_a_run(path: Path) -> None:
    """Refuse a folder that holds no run before anything is written there."""
    RunFolder(path).manifest  # noqa: B018  # reading it is the check


def _of_generation(manifest: Manifest) -> tuple[str, ...]:
    return tuple(problem for problem in manifest.problems if "summaries not made" in problem)

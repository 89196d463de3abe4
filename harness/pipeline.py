"""A run: plan, generate, verify, judge, score, report."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from harness import config as configs
from harness import engines
from harness import manifest as manifests
from harness.config import RunConfig
from harness.config import plan as plans
from harness.config.plan import Plan
from harness.config.run_config import check_judging
from harness.config.trust import trust_run
from harness.data import articles, cache, labels
from harness.data.articles.loading import Articles
from harness.data.runs import results
from harness.data.runs.record_file import report_errors
from harness.data.runs.results import RunFolder
from harness.document.format import shorten_list
from harness.engines import Engine
from harness.errors import ConfigError, RunFolderError
from harness.files import stable_path, write_text
from harness.records import Item, Manifest, Results, Status
from harness.report import document, pages
from harness.seams import Verifier
from harness.stages.generate import Generate, count_unmade
from harness.stages.judge import Judge
from harness.stages.score import score_run
from harness.stages.suggest import add_suggestions
from harness.stages.verify import Shards, Verify
from harness.weights.store import home


@dataclass(frozen=True)
class Outcome:
    """The results of a run, and its folder."""

    results: Results
    folder: Path
    was_stopped: bool = False
    """True if Ctrl-C ended the work."""
    set_aside: int = 0
    """Number of summaries of an earlier run that this run did not use, and moved to ``superseded/``."""

    @property
    def report(self) -> Path:
        return self.folder / "report.html"


def plan(config: RunConfig) -> Plan:
    """Plan the systems and articles of a config, after every check that needs no weights."""
    plans.check_sources(config)
    plans.check_labels(config)
    return plans.make_plan(config, articles.load(*config.articles, limit=config.limit))


def run(config: RunConfig, use_cache: bool = True) -> Outcome:
    """Do the outstanding work of a run, then write the reports.

    ``use_cache=False`` ignores the cache, and also recomputes a run that finished without problems. Ctrl-C ends the
    current stage; the later stages then work on the summaries made so far.
    """
    planned, engine = plan(config), engines.make_engine(config.engine)
    with results.begin_run(config.output) as folder, cache.open_cache(home() if use_cache else None) as store:
        before = folder.complete_manifest
        fresh = not use_cache and before is not None and not before.problems
        config, items, notices = add_suggestions(config, planned.items, folder.path)
        planned = replace(planned, config=config, items=items)
        manifest = replace(manifests.begin(planned, folder.path), notices=notices)
        folder.write_manifest(manifest)
        with suppress(RunFolderError):  # later commands then treat the run as untrusted
            trust_run(folder.path)

        generate = Generate(planned, folder, store, engine)
        set_aside = generate.keep(fresh)
        stopped = _run_until_interrupt(generate.run)
        if stopped:
            generate.stop()
        shards = Shards(planned.items, planned.systems, folder)
        manifest = replace(manifest, stages=(generate.stage,))
        folder.write_manifest(manifest)  # if this process is killed from here on, ``score`` can finish the run
        manifest, interrupted = _verify_and_judge(shards, manifest, config, engine, store, fresh)
        stopped |= interrupted
        manifest = replace(manifest, status="interrupted" if stopped else "complete")
        return Outcome(_finish(shards, manifest, config, before), folder.path, stopped, set_aside)


def score(
    path: Path,
    config_file: Path | None = None,
    overrides: Sequence[str] = (),
    loaded: MutableMapping[str, Verifier] | None = None,
) -> Outcome:
    """Verify and score a run's summaries again, against the current facts and references.

    Verifier, scorers, labels and articles come from ``config_file``, or by default from the run's own config.
    ``loaded`` keeps the verifiers of earlier calls by signature, so that weights are loaded once.
    """
    check_judging(overrides)
    RunFolder(path).manifest  # noqa: B018  # refuses a folder without a run before anything is written
    with results.lock_run(path) as folder, cache.open_cache(home()) as store:
        manifest = folder.manifest
        if config_file is None:
            config = configs.load_judging(manifest, folder.path, overrides)
        else:
            config = replace(configs.load(config_file, overrides, scoring=True), limit=None)
        if problems := plans.list_scorer_problems(config, manifest.systems):
            raise ConfigError.of(problems)
        folder.require_records(manifest, only="summaries.jsonl")
        plans.check_labels(config)
        if loaded is not None:
            config = replace(config, verifier=loaded.setdefault(config.verifier.signature(), config.verifier))
        engine = engines.make_engine(config.engine)
        items = _select_articles(manifest, articles.load(*config.articles, limit=config.limit), path)
        config, items, notices = add_suggestions(config, items, folder.path)

        shards = Shards(items, manifest.systems, folder)
        # If this process is killed, the run counts as stale.
        folder.write_manifest(replace(manifest, finished=None, made_from="", files={}))
        manifest = replace(manifest, stages=tuple(stage for stage in manifest.stages if stage.name == "generate"))
        manifest, stopped = _verify_and_judge(shards, manifest, config, engine, store)

        lacks_summaries = manifest.status != "complete" and count_unmade(manifest, folder.summaries) != 0
        status: Status = "interrupted" if stopped or lacks_summaries else "complete"
        manifest = manifests.record_rescoring(manifest, config, items, folder.path)
        manifest = replace(manifest, status=status, notices=notices)
        finished = _finish(shards, manifest, config)
        with suppress(RunFolderError):  # whatever the manifest names is harmless, trusted, or given by the user
            trust_run(folder.path)
        return Outcome(finished, folder.path, stopped)


def read(path: Path) -> Results:
    """Read a run on disk, with the current articles, references and facts."""
    folder = RunFolder(path)
    manifest = folder.manifest
    folder.require_records(manifest)
    config = configs.load_judging(manifest, folder.path)
    items = _select_articles(manifest, articles.load(*config.articles, limit=config.limit), path)
    return _collect_results(folder, manifest, config, items)


def _verify_and_judge(
    shards: Shards, manifest: Manifest, config: RunConfig, engine: Engine, store: cache.Cache, fresh: bool = False
) -> tuple[Manifest, bool]:
    """Run the stages verify and judge; with ``fresh``, make every record again.

    Return the manifest with these stages, and True if Ctrl-C ended one of them.
    """
    verify = Verify(shards, config.verifier, store, engine)
    verify.keep(fresh)
    stopped = _run_until_interrupt(verify.run)
    judge = Judge(shards, config.scorers, store)
    judge.keep(fresh)
    stopped |= _run_until_interrupt(judge.run)
    stages = (*manifest.stages, verify.stage, *judge.stages)
    problems = (*(problem for stage in stages for problem in stage.problems), *store.problems)
    return replace(manifest, stages=stages, judging=judge.usage, problems=problems), stopped


def _finish(shards: Shards, manifest: Manifest, config: RunConfig, before: Manifest | None = None) -> Results:
    """Score, report and close the manifest.

    ``before`` is the manifest of the complete run that this run repeats; if nothing changed and it had no problems, its
    scores and report stay.
    """
    folder = shards.folder
    stored = _collect_results(folder, manifest, config, shards.items)
    manifest = replace(stored.manifest, labels=labels.hash_labels(stored.labels, manifest.articles))
    manifest = replace(manifest, made_from=manifests.hash_origins(replace(stored, manifest=manifest), folder.path))
    is_same = before and (before.made_from, before.files) == (manifest.made_from, folder.states())
    if before and is_same and manifest.made_from and not before.problems and folder.is_reported:
        manifest = replace(manifest, finished=manifests.now(), notices=before.notices)
    else:
        notices, problems = score_run(shards, config, stored.labels)
        manifest = replace(
            manifest,
            finished=manifests.now(),
            problems=(*manifest.problems, *problems),
            notices=tuple(dict.fromkeys((*notices, *manifest.notices))),
        )
        stored = replace(stored, manifest=manifest)
        with report_errors(folder.path / "report.html", "written"):
            write_text(folder.path / "report.md", document.as_markdown(stored))
            pages.write(stored, folder.path)
    manifest = replace(manifest, files=folder.states())
    folder.write_manifest(manifest)
    return replace(stored, manifest=manifest)


def _collect_results(folder: RunFolder, manifest: Manifest, config: RunConfig, items: Sequence[Item]) -> Results:
    """Collect a run's results and people's labels, and add invalid lines of label files to the notices."""
    current_labels, faults = labels.load_labels(items, config.labels) if config.use_labels else ((), ())
    notices = tuple(dict.fromkeys((*manifest.notices, *map(str, faults))))
    return Results(
        manifest=replace(manifest, notices=notices),
        items=items,
        summaries=folder.summaries,
        checks=folder.checks,
        scores=folder.scores,
        metrics=tuple(metric for scorer in config.scorers for metric in scorer.metrics()),
        labels=current_labels,
        labels_file=stable_path(config.labels) if config.labels else "",
    )


def _run_until_interrupt(work: Callable[[], None]) -> bool:
    """Do the work; return True if Ctrl-C ended it."""
    try:
        work()
    except KeyboardInterrupt:
        return True
    return False


def _select_articles(manifest: Manifest, items: Articles, path: Path) -> Articles:
    """Select the run's articles; raise RunFolderError if one is gone, or its text changed after it was summarised."""
    hashes = {item.article.id: manifests.hash_article(item) for item in items if item.article.id in manifest.articles}
    changed = [name for name, text in manifest.articles.items() if hashes.get(name) != text]
    if changed:
        raise RunFolderError(
            f"these articles were changed or removed after they were summarised: {shorten_list(changed, 5)}; "
            f"regenerate their summaries: {results.format_rerun_command(manifest, path)}"
        )
    return items.select(manifest.articles)

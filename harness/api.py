"""Use harness from Python: evaluate summaries, check one statement, open a run.

``evaluate`` writes articles and summaries to a temporary run folder, which ``pipeline.run`` verifies and scores.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import warnings
import weakref
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness import config as configs
from harness import pipeline, stale
from harness.claims import make_pair
from harness.compare import stored
from harness.config.resolve import resolve_judging
from harness.config.trust import trust_run
from harness.data.articles.write import write
from harness.data.objects import read_articles, read_summaries
from harness.data.runs.results import RunFolder
from harness.data.yaml import describe
from harness.document import terminal
from harness.errors import DataError, MissingDependencyError, RunFolderError, UsageError
from harness.files import show, translate_errors, write_text
from harness.records import Check, Item, Results, Summary, Use, Verdict
from harness.report import document, pages
from harness.report.index import Index
from harness.report.scores import collect_scores
from harness.seams import DEFAULT_VERIFIER
from harness.signature import kind_of
from harness.stages.suggest import ARTICLES_FOLDER
from harness.stats.interval import mean_intervals
from harness.stats.resampling import Resampler

if TYPE_CHECKING:
    from pandas import DataFrame

_ARTICLES = "inputs/articles.jsonl"
"""Path of the articles, inside the run's folder, so that a copy of the folder includes them."""
_SCORERS = ("faithfulness", "extractiveness", "novelty", "length", "repetition", "completeness")
_CHECK_COLUMNS = (
    "label", "supported", "contradicted", "absent", "evidence", "evidence_start", "evidence_end", "reason", "verifier",
)  # fmt: skip  # one list
_USAGE = ("prompt_tokens", "new_tokens", "seconds", "price")
_TYPES = {
    **dict.fromkeys(("start", "end", "evidence_start", "evidence_end", "prompt_tokens", "new_tokens"), "Int64"),
    **dict.fromkeys(("supported", "contradicted", "absent", "value", "mean", "low", "high", "seconds", "price"), float),
}
"""Column → type in pandas. An ``Int64`` column may lack values."""


def evaluate(
    articles: object,
    summaries: object,
    facts: object = None,
    references: object = None,
    verifier: str | Mapping[str, Any] = DEFAULT_VERIFIER,
    scorers: str | Mapping[str, Any] | Sequence[str | Mapping[str, Any]] | None = None,
) -> Evaluation:
    """Check and score the summaries of articles.

    Articles and summaries may be texts, mappings, lists of these, a pandas DataFrame or a ``datasets.Dataset``. Pass
    ``summaries`` in the order of the articles, or as rows with article ids; for several systems, pass
    ``{"name": summaries}``. ``facts`` and ``references`` have a text or a list for each article, in order or by
    article id; ``facts="suggest"`` suggests unreviewed facts for articles without any. ``verifier`` and ``scorers``
    are kinds, or mappings with a kind and its options, as in a config. Raises DataError, which lists all invalid
    rows, or ConfigError, which lists all invalid options.
    """
    suggests = isinstance(facts, str) and facts == "suggest"
    if isinstance(facts, str) and not suggests and facts.isascii() and facts.isalpha():
        raise DataError(f"facts: must be a statement or 'suggest', not {facts!r}")
    items = read_articles(articles, None if suggests else facts, references)
    outputs = read_summaries(summaries, [item.article.id for item in items])
    if references is None:
        items = _drop_copied_references(items, outputs)
    if scorers is None:
        fact_scorers = ("fact_recall", "fact_contradicted") if suggests or any(item.facts for item in items) else ()
        scorers = (*fact_scorers, *_SCORERS, *(("rouge",) if any(item.references for item in items) else ()))
    temporary = Path(tempfile.mkdtemp(prefix="harness-"))
    try:
        folder = temporary / "evaluation"
        (folder / "inputs").mkdir(parents=True)
        write(items, folder / _ARTICLES)
        write_text(folder / "inputs" / "summaries.jsonl", "".join(f"{json.dumps(output)}\n" for output in outputs))
        config = {
            "articles": str(folder / _ARTICLES),
            "models": {"summaries": {"kind": "replay", "path": str(folder / "inputs" / "summaries.jsonl")}},
            "verifier": verifier,
            "scorers": list(scorers) if isinstance(scorers, list | tuple) else [scorers],
            "output": str(folder),
            **({"facts": "suggest"} if suggests else {}),
        }
        result = Evaluation(pipeline.run(configs.load(config)).results, folder)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    weakref.finalize(result.results, shutil.rmtree, temporary, ignore_errors=True)  # the results read the folder
    for problem in result.results.manifest.problems:
        warnings.warn(problem, stacklevel=2)
    return result


def _drop_copied_references(items: list[Item], outputs: Sequence[Mapping[str, str | None]]) -> list[Item]:
    """Drop the references if every summary is one: the same column was read as both, as in ``evaluate(df, df)``."""
    found = {item.article.id: [each.text.strip() for each in item.references] for item in items}
    texts = [(str(output["article_id"]), text.strip()) for output in outputs if (text := output["summary"])]
    if texts and all(text in found[article] for article, text in texts):
        return [replace(item, references=()) for item in items]
    return items


def check(article: object, statement: str, verifier: str | Path | Mapping[str, Any] = DEFAULT_VERIFIER) -> Verdict:
    """Check whether an article (a text or a row) supports a statement; return a verdict with its evidence."""
    if not isinstance(statement, str) or not statement.strip():
        raise DataError(f"statement must be a sentence, not {describe(statement)}")
    items = read_articles(article)
    if len(items) > 1:
        raise DataError(f"article holds {len(items):,} articles, but check takes one; for more, call evaluate")
    (verdict,) = configs.load_verifier(verifier).verify_all([make_pair(statement, items[0])])
    return verdict


def load_run(folder: str | Path) -> Evaluation:
    """Open a run on disk, with the current articles, references and facts.

    Warns if its data, verifier or scorers have changed since it was scored; raises RunFolderError if it is not scored.
    """
    with translate_errors(RunFolderError):
        run = open_run(_to_path(folder))
    for warning in stale.list_warnings([run.folder]):
        warnings.warn(warning, stacklevel=2)
    return run


def open_run(folder: Path) -> Evaluation:
    """Open a run as ``load_run`` does, without the warning."""
    stored.open_all([folder])  # refuses a run without scores or with unfinished scoring
    return Evaluation(pipeline.read(folder), folder)


@dataclass(frozen=True, eq=False, repr=False)
class Evaluation:
    """A run, with its records as tables. People's labels override verdicts. A notebook displays its leaderboard."""

    results: Results
    folder: Path
    """The run's folder. ``evaluate`` makes a temporary one, which is deleted together with ``results``."""

    @cached_property
    def summaries(self) -> DataFrame:
        """One row per summary, with its cost if known; if the text is missing, ``reason`` says why."""
        rows = [
            (*each.place, each.text, each.reason, *(getattr(each.generation, name) for name in _USAGE))
            for each, _ in self._iter_summaries()
        ]
        return _to_frame(rows, "system", "article_id", "sample", "text", "reason", *_USAGE)

    @cached_property
    def claims(self) -> DataFrame:
        """One row per claim, with its place in the summary, its verdict and the evidence in the article.

        ``number`` counts the claims of a summary from 1, as reports do. If an article has several documents,
        ``document`` names the one with the evidence.
        """
        rows = []
        for check, item in self._iter_checks("grounding"):
            start, end = (check.claim.start, check.claim.end) if check.claim else (None, None)
            verdict, evidence = _describe(check.verdict), check.verdict.evidence
            document = (item.article.name_documents(evidence) if evidence else "") or None
            rows.append((*check.place, int(check.target) + 1, check.hypothesis, start, end, *verdict, document))
        head = ("system", "article_id", "sample", "number", "claim", "start", "end")
        return _to_frame(rows, *head, *_CHECK_COLUMNS, "document")

    @cached_property
    def facts(self) -> DataFrame:
        """One row per fact and summary, with the verdict and the evidence in the summary."""
        rows = []
        for check, item in self._iter_checks("coverage"):
            fact = next((fact for fact in item.facts if fact.id == check.target), None)
            known = (fact.importance, fact.kind) if fact else (None, None)
            rows.append((*check.place, check.target, check.hypothesis, *known, *_describe(check.verdict)))
        head = ("system", "article_id", "sample", "fact_id", "statement", "importance", "kind")
        return _to_frame(rows, *head, *_CHECK_COLUMNS)

    @cached_property
    def scores(self) -> DataFrame:
        """One row per summary and metric; if the value is missing, ``reason`` says why."""
        rows = [(*each.place, each.metric, each.value, each.reason) for each in self.results.scores]
        return _to_frame(rows, "system", "article_id", "sample", "metric", "value", "reason")

    @cached_property
    def metrics(self) -> DataFrame:
        """One row per system and metric: the mean over articles and its 95% interval.

        ``articles`` counts the articles with a value, ``missing`` the others; ``reason`` explains a missing interval.
        """
        table = collect_scores(self._index)
        names = [(system, metric.name) for system in table.systems for metric in table.metrics]
        columns = [table.column(*name) for name in names]
        estimates = mean_intervals(columns, Resampler(self.results.manifest.seed))
        rows = [
            (*name, each.mean, each.low, each.high, each.n, each.missing, each.reason)
            for name, each in zip(names, estimates, strict=True)
        ]
        return _to_frame(rows, "system", "metric", "mean", "low", "high", "articles", "missing", "reason")

    @translate_errors(UsageError)
    def report(self, path: str | Path) -> Path:
        """Write the report to one self-contained file: HTML, or Markdown if the file's name ends in .md."""
        target = _to_path(path)
        if target.suffix.lower() not in (".html", ".htm", ".md"):
            raise UsageError(f"{show(target)}: a report is HTML or Markdown; name a .html or .md file")
        is_markdown = target.suffix.lower() == ".md"
        target.parent.mkdir(parents=True, exist_ok=True)
        write_text(target, document.as_markdown(self.results) if is_markdown else pages.as_html(self.results))
        return target

    @translate_errors(RunFolderError)
    def save(self, folder: str | Path) -> Path:
        """Copy the run to a new folder, so that ``harness view``, ``compare`` and other commands can use it."""
        target = _to_path(folder)
        if target.exists() and not (target.is_dir() and not any(target.iterdir())):
            raise RunFolderError(f"{show(target)} already exists; name a new folder, or remove this one")
        source, name = self.results.manifest, target.resolve().name
        config: dict[str, Any] = {**source.config, "name": name}
        moved = resolve_judging(configs.load_judging(source, self.folder), target)  # relative paths change
        articles = zip(config["articles"], moved["articles"], strict=True)
        # articles inside the folder are copied with it, so their paths stay
        moved["articles"] = [old if old in (_ARTICLES, ARTICLES_FOLDER) else new for old, new in articles]
        shutil.copytree(self.folder, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".lock"))
        RunFolder(target).write_manifest(replace(source, name=name, config=config | moved))
        trust_run(target)
        results = pipeline.read(target)
        write_text(target / "report.md", document.as_markdown(results))
        pages.write(results, target)
        return target

    def __repr__(self) -> str:
        return terminal.render(document.build_overview(self.results))

    def _repr_html_(self) -> str:
        return document.as_fragment(self.results)

    def _iter_checks(self, use: Use) -> Iterator[tuple[Check, Item]]:
        for summary, item in self._iter_summaries():
            facts, claims = self._index.coverage(summary).values(), self._index.grounding(summary)
            yield from ((check, item) for check in (facts if use == "coverage" else claims))

    def _iter_summaries(self) -> Iterator[tuple[Summary, Item]]:
        """Yield the summaries with their articles, in the order of the articles."""
        for item in self.results.items:
            for system in self.results.manifest.systems:
                yield from ((summary, item) for summary in self._index.summaries(system.name, item.article.id))

    @cached_property
    def _index(self) -> Index:
        return Index(self.results)


def _to_path(given: object) -> Path:
    if not isinstance(given, str | Path) or "\0" in str(given):
        raise UsageError(f"a path must be a string or a pathlib.Path, without NUL characters, not {given!r:.60}")
    return Path(given)


def _describe(verdict: Verdict) -> tuple[object, ...]:
    """Return the cells of ``_CHECK_COLUMNS``."""
    probabilities = (None, None, None) if verdict.abstained else verdict.probabilities.values
    span = verdict.evidence
    evidence = (span.text, span.start, span.end) if span else (None, None, None)
    return verdict.label, *probabilities, *evidence, verdict.reason, kind_of(verdict.verifier)


def _to_frame(rows: Sequence[Sequence[object]], *columns: str) -> DataFrame:
    try:
        from pandas import DataFrame
    except ImportError as error:
        raise MissingDependencyError("tables need pandas: pip install 'fact-harness[datasets]'") from error
    frame = DataFrame(list(rows), columns=list(columns))
    return frame.astype({name: kind for name, kind in _TYPES.items() if name in columns})

"""Search runs, articles, facts, and every run's claims and reasons for verdicts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from harness.data.articles import Folder
from harness.data.runs.record_file import adapter
from harness.data.runs.results import RunFolder
from harness.document import labels
from harness.document.format import cut_end
from harness.errors import HarnessError
from harness.records import Check
from harness.signature import kind_of
from harness.text import paragraphs
from harness.view.context import get_context, link, render
from harness.view.run_index import RunIndex

_SHOWN = 25  # hits of each kind


@dataclass(frozen=True, slots=True)
class Hit:
    address: str
    title: str
    text: str = ""


def search(request: Request) -> Response:
    """Show everything that contains all words of the query, ignoring case."""
    run_index = get_context(request).run_index
    words = request.query_params.get("q", "").casefold().split()
    hits: dict[str, Iterable[Hit]] = {}
    if words:
        articles = run_index.read_articles()
        hits = {
            "Runs": _find_runs(run_index, words),
            "Articles": _find_articles(articles, words),
            "Facts": _find_facts(articles, words),
            "Claims and reasons for verdicts": _find_verdicts(run_index.list_runs(), words),
        }
    groups = {title: listed for title, found in hits.items() if (listed := list(islice(found, _SHOWN + 1)))}
    return render(request, "search.html.j2", groups=groups, shown=_SHOWN, cut_end=cut_end)


def _find_runs(run_index: RunIndex, words: Sequence[str]) -> Iterator[Hit]:
    """Yield the runs with all words in the names of the run, its config, its systems and its verifier."""
    for run in run_index.list_runs():
        with suppress(HarnessError):  # the manifest cannot be read
            manifest, name = run_index.read_manifest(run), run.path.name
            systems = [system.name for system in manifest.systems]
            if _has_all(" ".join((name, manifest.config_file, kind_of(manifest.verifier), *systems)), words):
                yield Hit(link("runs", name) + "/", name)


def _find_articles(articles: Iterable[Folder], words: Sequence[str]) -> Iterator[Hit]:
    """Yield articles with all words in the name and title, or in one paragraph."""
    for folder in articles:
        if article := folder.article:
            texts = [f"{article.id} {article.title}", *(paragraph.text for paragraph in paragraphs(article.text))]
            at = next((at for at, text in enumerate(texts) if _has_all(text, words)), None)
            if at is not None:
                yield Hit(link("articles", folder.path.name), article.title or article.id, texts[at] if at else "")


def _find_facts(articles: Iterable[Folder], words: Sequence[str]) -> Iterator[Hit]:
    for folder in articles:
        for fact in folder.facts.facts:
            if _has_all(" ".join((fact.id, fact.statement, *fact.accepted, *fact.contradictions)), words):
                address = link("articles", folder.path.name, "facts", fact.id)
                yield Hit(address, fact.statement, f"{fact.id} in {folder.path.name}")


def _find_verdicts(runs: Iterable[RunFolder], words: Sequence[str]) -> Iterator[Hit]:
    """Yield claims of summaries and reasons for verdicts, each text once per run and article."""
    for run in runs:
        seen: set[tuple[str, str]] = set()
        for check in _read_checks(run, words):
            claim, reason = check.hypothesis if check.use == "grounding" else "", check.verdict.reason or ""
            text = next((text for text in (claim, reason) if text and _has_all(text, words)), "")
            if text and (check.article_id, text) not in seen:
                seen.add((check.article_id, text))
                shown = claim if text == claim else labels.format_reason(check.verdict, check.use)
                title = f"{check.system} on {check.article_id} in {run.path.name}"
                yield Hit(link("runs", run.path.name, "articles", check.article_id), title, shown)


def _read_checks(run: RunFolder, words: Sequence[str]) -> Iterator[Check]:
    """Yield the verdicts whose lines in the file contain all words. Parsing only these lines saves most of the time."""
    escaped = [json.dumps(word, ensure_ascii=False)[1:-1] for word in words]  # a quotation mark is \" in a record
    if not run.checks.path.exists():  # not verified yet
        return
    with run.checks.path.open("rb") as file:
        for line in file:
            if _has_all(line.decode("utf-8", "replace"), escaped):
                try:
                    yield adapter(Check).validate_json(line)
                except ValidationError:  # the run's page reports invalid lines
                    continue


def _has_all(text: str, words: Sequence[str]) -> bool:
    text = text.casefold()
    return all(word in text for word in words)

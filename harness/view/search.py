"""Search over everything that the pages show: runs, articles, facts, and the claims and reasons of every run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from harness.data.articles import Folder
from harness.data.runs.record_file import adapter
from harness.data.runs.results import RunFolder
from harness.document.plain import visible
from harness.records import Check
from harness.text import paragraphs
from harness.view.context import context
from harness.view.page import link, not_yet, page
from harness.view.run_index import RunIndex

MOST = 25
"""Hits of a kind that are shown."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where all the words stand."""

    address: str
    title: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of a kind, and whether there are more than are shown."""

    title: str
    hits: Sequence[Hit]
    more: bool


def searched(request: Request) -> Response:
    """What holds every word of the search, whatever its case."""
    query = request.query_params.get("q", "").strip()
    run_index, words = context(request).run_index, query.casefold().split()
    groups: list[Group] = []
    if words:
        if waiting := not_yet(request, run_index.all_articles):
            return waiting
        articles = run_index.all_articles()
        groups = [
            _group("Runs", _runs(run_index, words)),
            _group("Articles", _articles(articles, words)),
            _group("Facts", _facts(articles, words)),
            _group("Claims and reasons", _verdicts(run_index.runs(), words)),
        ]
    return page(request, "search.html.j2", query=query, groups=[group for group in groups if group.hits])


def _group(title: str, hits: Iterable[Hit]) -> Group:
    some = list(islice(hits, MOST + 1))
    return Group(title, some[:MOST], len(some) > MOST)


def _runs(run_index: RunIndex, words: Sequence[str]) -> Iterator[Hit]:
    for line in run_index.lines():
        if _has(line.words, words):
            yield Hit(link("runs", line.name) + "/", visible(line.name), visible(line.note))


def _articles(articles: Iterable[Folder], words: Sequence[str]) -> Iterator[Hit]:
    """Articles by their name and title, else by the first paragraph that has the words."""
    for article in (folder.article for folder in articles if folder.article):
        texts = [f"{article.id} {article.title}", *(paragraph.text for paragraph in paragraphs(article.text))]
        at = next((at for at, text in enumerate(texts) if _has(text, words)), None)
        if at is not None:
            yield Hit(link("articles", article.id), visible(article.title), visible(texts[at]) if at else "")


def _facts(articles: Iterable[Folder], words: Sequence[str]) -> Iterator[Hit]:
    for folder in articles:
        for fact in folder.facts.facts:
            if _has(" ".join((fact.id, fact.statement, *fact.accepted, *fact.contradictions)), words):
                address = link("articles", folder.path.name, "facts", fact.id)
                yield Hit(address, visible(fact.statement), visible(f"{fact.id} in {folder.path.name}"))


def _verdicts(runs: Iterable[RunFolder], words: Sequence[str]) -> Iterator[Hit]:
    """Claims of summaries, and the reasons of verdicts, each once a run and article. What is no record is passed by."""
    for run in runs:
        seen: set[tuple[str, str]] = set()
        for check in _checks(run, words):
            claim, reason = check.hypothesis if check.use == "grounding" else "", check.verdict.reason or ""
            text = next((text for text in (claim, reason) if text and _has(text, words)), "")
            if text and (check.article_id, text) not in seen:
                seen.add((check.article_id, text))
                title = f"{check.system} on {check.article_id} in {run.path.name}"
                address = link("runs", run.path.name, "articles", check.article_id)
                yield Hit(address, visible(title), visible(text))


def _checks(run: RunFolder, words: Sequence[str]) -> Iterator[Check]:
    """The verdicts in whose line all the words stand: the other lines are not parsed, which is most of the time."""
    written = [json.dumps(word, ensure_ascii=False)[1:-1] for word in words]  # a quotation mark is \" in a record
    try:
        file = run.checks.path.open("rb")
    except OSError:  # not verified yet
        return
    with file:
        for line in file:
            if _has(line.decode("utf-8", "replace"), written):
                try:
                    yield adapter(Check).validate_json(line)
                except ValidationError:
                    continue


def _has(text: str, words: Sequence[str]) -> bool:
    text = text.casefold()
    return all(word in text for word in words)

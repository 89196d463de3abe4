"""Suggest facts for the articles of a run that have none (the option ``facts``)."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from harness import plugins, progress
from harness.config import RunConfig
from harness.config.settings import SuggestionOptions
from harness.data import articles
from harness.data.articles.folder import list_text_files, read_folder
from harness.data.articles.loading import Articles
from harness.data.articles.write import write
from harness.document.format import plural, shorten_list
from harness.errors import DataError
from harness.files import show
from harness.records import Item
from harness.seams import GenerativeModel, Verifier
from harness.suggest import ModelAnswer, ask_model, suggest_facts, write_facts
from harness.suggest.facts import explain_nothing

ARTICLES_FOLDER = "articles"
"""Subfolder of a run for articles that lack their own folder."""
_BATCH = 256
"""Number of articles that a model is asked about at a time."""


def add_suggestions(config: RunConfig, items: Articles, folder: Path) -> tuple[RunConfig, Articles, tuple[str, ...]]:
    """Write unreviewed facts for articles without any; return the updated config and articles, and notices.

    Articles with facts need folders, so those from files and data sets are copied into ``folder``, and the updated
    config names the copies. Raise DataError, before facts are written, if an article cannot be copied or has changed.
    """
    if (options := config.facts) is None:
        return config, items, ()
    if any(not item.facts for item in items if not _has_folder(item)):
        config, items = _use_copies(config, items, folder / ARTICLES_FOLDER)
    without_facts = items.select([item.article.id for item in items if not item.facts])
    if not without_facts:
        return config, items, ()
    written, reasons = 0, defaultdict[str, list[str]](list)
    with progress.bar("suggesting facts", len(without_facts)) as advance:
        for answer in _suggest(config, options, without_facts):
            written += write_facts(answer.item, answer.suggestions)
            if not answer.suggestions:
                reasons[answer.reason or "no statement could be kept"].append(answer.item.article.id)
            advance(1)
    if written:
        number = len(without_facts) - sum(map(len, reasons.values()))
        done = f"wrote {plural(written, 'suggested fact')} for {plural(number, 'article')}"
        progress.note(f"{done}; they count as unreviewed until you review them: harness view, then Review")
    most_common = sorted(reasons.items(), key=lambda pair: -len(pair[1]))[:3]
    notices = tuple(f"no fact was suggested for {shorten_list(ids, 3)}: {reason}" for reason, ids in most_common)
    return config, articles.load(*config.articles, limit=config.limit).select(items.ids), notices


def _suggest(config: RunConfig, options: SuggestionOptions, items: Articles) -> Iterator[ModelAnswer]:
    if isinstance(model := config.models.get(options.model or ""), GenerativeModel):
        for start in range(0, len(items), _BATCH):
            batch = items[start : start + _BATCH]
            yield from ask_model(model, batch, config.verifier.verify_all, options.suggest, config.seed)
        return
    verify = plugins.find(Verifier, "lexical")().verify
    for item in items:
        found = suggest_facts(item, verify, options.suggest)
        yield ModelAnswer(item, found, reason="" if found else explain_nothing(item.article))


def _use_copies(config: RunConfig, items: Articles, folder: Path) -> tuple[RunConfig, Articles]:
    """Copy articles without their own folder into ``folder``; return the config and articles with the copies."""
    rows = items.select([item.article.id for item in items if not _has_folder(item)])
    new = rows.select([name for name in rows.ids if not (folder / name).exists()])
    _require_same(rows, folder)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".") as made:
        write(new, Path(made) / ARTICLES_FOLDER, "remove the option facts, or rename the article")
        for item in new:
            (Path(made) / ARTICLES_FOLDER / item.article.id).rename(folder / item.article.id)
    folders = (source for source in config.articles if isinstance(source, Path) and source.is_dir())
    kept = [source for source in folders if not list_text_files(source)]
    config = replace(config, articles=(*kept, folder), limit=None)
    return config, articles.load(*config.articles).select(items.ids)


def _require_same(rows: Iterable[Item], folder: Path) -> None:
    """Raise DataError if a row differs from its copy in ``folder``."""
    for row in rows:
        if not (place := folder / row.article.id).exists():
            continue
        copy, now = read_folder(place), replace(row.article, path="")
        same_texts = [each.text for each in copy.references] == [each.text.strip() for each in row.references]
        if copy.article is None or replace(copy.article, path="") != now or not same_texts:
            message = f"was copied from {row.article.path} to store suggested facts, but differs from it now"
            raise DataError.at(show(place), f"{message}; remove this folder, or choose another output with -o")


def _has_folder(item: Item) -> bool:
    return Path(item.article.path).name == "article.md"

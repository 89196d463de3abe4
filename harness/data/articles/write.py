"""Write articles as a JSONL file, or as folders in the layout of ``references/``; never overwrite files."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from harness.data.articles.texts import find_text_fault, join_documents
from harness.data.facts import FactEntry
from harness.data.validation import data_error
from harness.data.yaml import dump_yaml
from harness.errors import DataError, Problem
from harness.files import replace_file, show, write_text
from harness.records import Article, Item
from harness.text import paragraphs


def write(items: Sequence[Item], path: Path, remedy: str = "write a .jsonl file instead: -o FILE.jsonl") -> None:
    """Write a JSONL file if ``path`` ends in .jsonl, else a folder with a folder for each article.

    Adds to a folder of articles. Raises DataError if anything else exists at ``path``, if it cannot be written, or if
    an article cannot be written as a folder. In the last case, ``remedy`` ends the message.
    """
    if path.suffix.lower() in (".csv", ".parquet", ".json"):
        raise data_error(path, "articles are written as .jsonl or as folders; name FILE.jsonl or a folder")
    is_rows = path.suffix.lower() == ".jsonl"
    is_collection = not is_rows and any(path.glob("[!.]*/article.md"))
    targets = [path / item.article.id for item in items] if is_collection else [path]
    if taken := [each for each in targets if os.path.lexists(each) and (not each.is_dir() or any(each.iterdir()))]:
        message = "already exists; choose another path, or move it away"
        if not is_collection and path.is_dir():
            message = "holds other files, but no folder with an article.md; name a new or an empty folder"
        raise DataError.of([Problem(show(each), None, "", message) for each in taken])
    if not is_rows and (problems := [problem for item in items for problem in _check_article(item.article, remedy)]):
        raise DataError.of(problems)
    try:
        if is_rows:
            with replace_file(path) as file:
                file.writelines(json.dumps(_to_row(item), ensure_ascii=False).encode() + b"\n" for item in items)
        else:
            for item in items:
                _write_folder(item, path / item.article.id)
    except OSError as error:
        raise data_error(path, f"cannot be written: {error.strerror}; choose another path") from None


def _write_folder(item: Item, folder: Path) -> None:
    (folder / "references").mkdir(parents=True)
    matter = _list_front_matter(item.article) | _drop_empty({"documents": _to_paragraphs(item.article)})
    write_text(folder / "article.md", _add_front_matter(matter, item.article.text))
    for reference in item.references:
        matter = _drop_empty({"shape": reference.shape, "author": reference.author})
        write_text(folder / "references" / f"{reference.id}.md", _add_front_matter(matter, f"{reference.text}\n"))
    if item.facts:
        write_text(folder / "facts.yaml", dump_yaml({"facts": _dump_facts(item)}) + "\n")


def _to_row(item: Item) -> dict[str, object]:
    lists = {"references": [each.text for each in item.references], "facts": _dump_facts(item)}
    article = item.article
    documents = {part.name: article.text[part.start : part.end] for part in article.documents}
    text: dict[str, object] = {"text": article.text}
    if documents and join_documents(list(documents.items()))[0].split() == article.text.split():
        text = {"documents": [{"name": name, "text": each} for name, each in documents.items()]}
    return {"id": article.id, **text, **_list_front_matter(article), **_drop_empty(lists)}


def _dump_facts(item: Item) -> list[dict[str, object]]:
    return [FactEntry.of(fact).dump() for fact in item.facts]


def _add_front_matter(matter: Mapping[str, object], text: str) -> str:
    """Put front matter, even if empty, above a text, because the text may begin with dashes."""
    return f"---\n{dump_yaml(matter)}\n---\n{text}" if matter else f"---\n---\n{text}"


def _list_front_matter(article: Article) -> dict[str, object]:
    language = "" if article.language == "en" else article.language
    return _drop_empty({"title": article.title, "language": language, "date": article.date, "source": article.source})


def _to_paragraphs(article: Article) -> list[dict[str, object]]:
    entries: list[dict[str, object]] = []
    for part in article.documents:
        spans = enumerate(paragraphs(article.text), start=1)
        inside = [number for number, span in spans if part.start <= span.start and span.end <= part.end]
        entries.append({"name": part.name, "paragraphs": [inside[0], inside[-1]]})
    return entries


def _drop_empty(values: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in values.items() if value}


def _check_article(article: Article, remedy: str) -> Iterator[Problem]:
    """Yield the reasons why an article cannot be written as a folder and read again."""
    if article.id.startswith("."):
        yield Problem(article.path, None, "id", f"{article.id!r} begins with a dot, so its folder is hidden; {remedy}")
    if fault := find_text_fault(article.text):
        yield Problem(article.path, None, "text", f"{article.id!r}: {fault}, or {remedy}")

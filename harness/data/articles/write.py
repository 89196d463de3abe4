"""Write articles as a JSONL file, or as folders in the layout of ``references/``; never over what is there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from harness.data.articles.texts import article_fault
from harness.data.validation import data_error
from harness.data.yaml import dump_yaml
from harness.errors import DataError, Problem
from harness.files import replacing, write_text
from harness.records import Article, Fact, Item


def write(items: Sequence[Item], path: Path) -> None:
    """A JSONL file where ``path`` ends in .jsonl, else a folder with a folder for each article.

    DataError where something is there already or nothing can be written, or an article's name cannot be a folder's.
    """
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        raise data_error(path, "is there already; name another place, or move it away")
    is_rows = path.suffix.lower() == ".jsonl"
    if not is_rows and (problems := [problem for item in items for problem in _unfit(item.article)]):
        raise DataError.of(problems)
    try:
        if is_rows:
            with replacing(path) as file:
                file.writelines(json.dumps(_row(item), ensure_ascii=False).encode() + b"\n" for item in items)
        else:
            for item in items:
                _folder(item, path / item.article.id)
    except OSError as error:
        raise data_error(path, f"cannot be written: {error.strerror}; name another place") from None


def _row(item: Item) -> dict[str, object]:
    article = item.article
    row: dict[str, object] = {"id": article.id, "text": article.text, **_matter(article)}
    references, facts = [reference.text for reference in item.references], [_entry(fact) for fact in item.facts]
    return row | _given({"references": references, "facts": facts})


def _folder(item: Item, folder: Path) -> None:
    (folder / "references").mkdir(parents=True)
    write_text(folder / "article.md", _with_matter(_matter(item.article), item.article.text))
    for reference in item.references:
        matter = _given({"shape": reference.shape, "author": reference.author})
        write_text(folder / "references" / f"{reference.id}.md", _with_matter(matter, f"{reference.text}\n"))
    if item.facts:
        write_text(folder / "facts.yaml", dump_yaml({"facts": [_entry(fact) for fact in item.facts]}) + "\n")


def _with_matter(matter: Mapping[str, object], text: str) -> str:
    """The text below its front matter, which is there even when empty, so that a text may begin with dashes."""
    return f"---\n{dump_yaml(matter)}\n---\n{text}" if matter else f"---\n---\n{text}"


def _matter(article: Article) -> dict[str, object]:
    language = "" if article.language == "en" else article.language
    return _given({"title": article.title, "language": language, "date": article.date, "source": article.source})


def _entry(fact: Fact) -> dict[str, object]:
    evidence = fact.evidence.text if fact.evidence else None
    lists = {"accepted": list(fact.accepted), "contradictions": list(fact.contradictions)}
    return _given({**asdict(fact), "evidence": evidence, **lists})


def _given(values: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in values.items() if value}


def _can_be_folder(name: str) -> bool:
    return not name.startswith(".") and "/" not in name and "\0" not in name and len(name.encode()) < 256


def _unfit(article: Article) -> Iterator[Problem]:
    """Why an article cannot be a folder that is read again."""
    rows = "write a .jsonl file instead: -o FILE.jsonl"
    if not _can_be_folder(article.id):
        yield Problem(article.path, None, "id", f"{article.id!r} cannot be a folder's name; {rows}")
    if fault := article_fault(article.text):
        yield Problem(article.path, None, "text", f"of {article.id!r}: {fault}, or {rows}")

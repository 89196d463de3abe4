"""Read an article's folder, in the layout of ``references/``.

references/<article-id>/article.md      front matter (title, language, date, source, parts, documents), then the text,
                                        verbatim
                        references/*.md front matter (shape, author), then the text, trimmed
                        facts.yaml      see ``facts/file.py``

Front matter is YAML between two ``---`` lines. harness follows no links out of the folder, and reads no pipes.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, Field

from harness.data import facts
from harness.data.articles.sources import TABLES
from harness.data.articles.texts import ArticleMatter, find_text_fault
from harness.data.validation import STRICT, collect_problems, data_error, suggest_name, validate
from harness.data.yaml import Document, has_data, parse_yaml
from harness.errors import DataError, Problem
from harness.files import as_argument, read_text, require_safe, show, stable_path, suggest_file
from harness.records import Article, Part, Reference
from harness.text import is_blank, paragraphs, replace_surrogates

_LAYOUT = ("article.*", "references", "facts.yaml")
"""A folder with one of these is an article's. ``article.txt`` counts, so that the error can name article.md."""
_MARK = re.compile(r"---[ \t]*(\n|\Z)")


class PartEntry(BaseModel):
    model_config = STRICT

    name: str
    paragraphs: list[int]
    """First and last, counted from 1; a paragraph is a non-blank line."""


class FrontMatter(ArticleMatter):
    parts: list[PartEntry] = Field(default_factory=list)
    documents: list[PartEntry] = Field(default_factory=list)


class ReferenceMatter(BaseModel):
    model_config = STRICT

    shape: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Folder:
    """The contents of an article's folder, and its problems."""

    path: Path
    article: Article | None
    """None if the article cannot be read."""
    first_line: int
    """1-based line of article.md on which the text starts."""
    references: tuple[Reference, ...]
    facts: facts.FactsContent
    problems: tuple[Problem, ...]
    """Problems in the article, the references and the YAML of the facts. ``facts`` has those in single facts."""

    @property
    def facts_path(self) -> Path:
        return self.path / "facts.yaml"

    def require_article(self) -> Article:
        """Return the article; raise DataError with every problem if the article or a reference cannot be read."""
        if self.article is None or self.problems:
            raise DataError.of(self.problems)
        return self.article


def list_folders(path: Path) -> list[Path]:
    """List the article folders: the path itself, or the folders inside; raise DataError if there is no article."""
    if (path / "article.md").is_file():
        return [path]
    folders = sorted(path.glob("[!.]*/")) if path.is_dir() else []
    if found := [folder for folder in folders if is_article(folder)]:
        return found
    if any(path.glob("article.*")) and not list_text_files(path):
        return [path]
    if not path.exists():
        raise data_error(path, f"does not exist{suggest_file(path)}")
    if path.suffix.lower() in TABLES or list_text_files(path):
        remedy = f"write its articles as folders: harness articles import {as_argument(path)} -o FOLDER"
        raise data_error(path, f"holds no folders of articles; {remedy}")
    if path.is_dir():
        deep = next(path.glob("*/*/article.md"), None)
        remedy = f"save every article as {show(path)}/NAME.txt or {show(path)}/NAME/article.md"
        raise data_error(path, f"holds no article{f' ({show(deep)} is too deep)' if deep else ''}; {remedy}")
    remedy = "export a table as .csv, or save texts as FOLDER/NAME.txt"
    raise data_error(path, f"is neither a folder nor a .jsonl, .csv or .parquet file; {remedy}")


def list_text_files(path: Path) -> list[Path]:
    """List the articles in a folder of .txt files; list none if it is or contains an article's folder."""
    is_one = any((path / name).exists() for name in ("article.md", *_LAYOUT[1:]))
    if is_one or any(map(is_article, path.glob("[!.]*/"))):
        return []
    return sorted(path.glob("[!.]*.txt"))


def find_article(name: str, references: Path) -> Folder:
    """Find an article by name in ``references``, or by its folder's path; raise DataError if it is not found."""
    for path in (references / name, Path(name)):
        if is_article(path):
            return read_folder(path)
    if not references.exists():
        raise data_error(references, "does not exist; give the path of the article's folder, or --references FOLDER")
    names = [path.name for path in list_folders(references)]
    hint = f"{suggest_name(name, names)} (for an article in another folder, give its path)"
    raise data_error(references, f"there is no article {name!r}; {hint}")


def is_article(folder: Path) -> bool:
    return any(next(folder.glob(name), None) for name in _LAYOUT)


def read_folder(path: Path) -> Folder:
    """Read one article's folder: everything that can be read, and all problems."""
    problems: list[Problem] = []
    article, first_line = None, 1
    with collect_problems(problems):
        file = _split_front_matter(require_safe(path / "article.md", path))
        first_line = file.first_line
        article = _build_article(file)
    references: list[Reference] = []
    files: list[Path] = []
    with collect_problems(problems):
        files = sorted(require_safe(path / "references", path).glob("[!.]*"))
    for reference in files:
        with collect_problems(problems):
            if not require_safe(reference, path).is_dir():
                references.append(_read_reference(reference))
    content = facts.FactsContent(show(path / "facts.yaml"))
    with collect_problems(problems):
        if os.path.lexists(require_safe(path / "facts.yaml", path)):  # a broken link is an error, not a missing file
            content = facts.read(path / "facts.yaml", article)
    return Folder(path, article, first_line, tuple(references), content, tuple(problems))


@dataclass(frozen=True, slots=True)
class _TextFile:
    """A text file, split into its front matter and the text below."""

    matter: Document
    text: str
    first_line: int

    def text_problem(self, message: str) -> Problem:
        return Problem(show(self.matter.path), self.first_line, "", message)


def _split_front_matter(path: Path) -> _TextFile:
    whole = read_text(path)
    if whole.partition("\n")[0].endswith("\r"):  # git may convert line endings; this must not change an article
        whole = whole.replace("\r\n", "\n")
    opening = _MARK.match(whole)
    if opening is None:
        return _TextFile(Document(path, {}, {}), whole, 1)
    closing = re.compile(rf"^{_MARK.pattern}", re.MULTILINE).search(whole, opening.end())
    if closing is None:
        raise data_error(path, "opens front matter that is never closed; add a second line --- or remove this one", 1)
    written = "\n" + whole[opening.end() : closing.start()]  # the line break stands for the first ---
    matter = parse_yaml(written, path) if has_data(written) else Document(path, {}, {})
    return _TextFile(matter, whole[closing.end() :], whole.count("\n", 0, closing.end()) + 1)


def _build_article(file: _TextFile) -> Article:
    path = file.matter.path
    folder = Path(os.path.abspath(path)).parent  # noqa: PTH100  # resolve() would give a link's target, not its name
    problems: list[Problem] = []
    matter = FrontMatter()
    with collect_problems(problems):
        matter = validate(FrontMatter, file.matter.data, (), file.matter)
    if fault := find_text_fault(file.text):
        problems.append(file.text_problem(fault))
    if replace_surrogates(folder.name) != folder.name:
        problems.append(file.text_problem("the folder's name is not UTF-8; rename the folder"))
    spans = paragraphs(file.text)
    parts: dict[str, list[Part]] = {"parts": [], "documents": []}
    for key, places in parts.items():
        for index, entry in enumerate(getattr(matter, key)):
            match entry.paragraphs:
                case [first, last] if 1 <= first <= last <= len(spans):
                    places.append(Part(entry.name, spans[first - 1].start, spans[last - 1].end))
                case wrong if spans or not problems:  # an empty article is reported once, for its text
                    message = f"must be [first, last], from 1 to {len(spans)} (the last paragraph), not {wrong}"
                    problems.append(file.matter.problem((key, index, "paragraphs"), message))
    if problems:
        raise DataError.of(problems)
    return Article(
        folder.name, file.text, matter.title, matter.language, matter.date, matter.source, tuple(parts["parts"]),
        stable_path(path), tuple(parts["documents"]),
    )  # fmt: skip  # one call


def _read_reference(path: Path) -> Reference:
    if path.suffix != ".md":
        raise data_error(path, f"is not a .md file; rename it to {path.stem}.md, or move it away")
    if replace_surrogates(path.stem) != path.stem:
        raise data_error(path, "its name is not UTF-8; rename the file")
    problems: list[Problem] = []
    file, matter = _split_front_matter(path), ReferenceMatter()
    with collect_problems(problems):
        matter = validate(ReferenceMatter, file.matter.data, (), file.matter)
    if is_blank(file.text):
        problems.append(file.text_problem("the reference is empty; put its text here, or remove it"))
    if problems:
        raise DataError.of(problems)
    return Reference(path.stem, file.text.strip(), matter.shape, matter.author)

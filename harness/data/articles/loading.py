"""Read articles with their references and facts: folders in the layout of ``references/``, files, and data sets.

    references/<article-id>/article.md      front matter (title, language, date, source, parts), then the text verbatim
                            references/*.md front matter (shape, author), then the text, white space around it cut
                            facts.yaml      see ``facts/file.py``

A path is one article's folder, a folder of such folders, or a JSONL, CSV or Parquet file (see ``rows.py``,
``tables.py``). Other sources are tables with their columns named, and data sets (see ``sources.py``, ``hub.py``).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

from harness.data import facts, remote
from harness.data.articles import front_matter, hub, rows, sources, tables
from harness.data.articles.collection import Articles
from harness.data.articles.front_matter import FrontMatter
from harness.data.articles.sources import DataSet, Source, Table
from harness.data.articles.texts import Date, Language, article_fault, reference_fault
from harness.data.checked import gathered, nearest, validated
from harness.errors import DataError, Problem
from harness.files import naming, show, url
from harness.records import Article, Item, Part, Reference
from harness.text import encodable, paragraphs

_LAYOUT = ("article.md", "references", "facts.yaml")


def _two(value: list[int]) -> list[int]:
    if len(value) != 2:
        raise ValueError("write [first, last]")
    return value


class PartEntry(BaseModel):
    """A named stretch of an article."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    name: str
    paragraphs: Annotated[list[int], AfterValidator(_two)]
    """First and last, counted from 1; a paragraph is a line that is not blank."""


class ArticleMatter(BaseModel):
    """The front matter of ``article.md``."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    title: str = ""
    language: Language = "en"
    date: Date | None = None
    source: str = ""
    parts: list[PartEntry] = []


class ReferenceMatter(BaseModel):
    """The front matter of a reference."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    shape: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Folder:
    """What an article's folder holds, and what is wrong with it."""

    path: Path
    article: Article | None
    """None where it cannot be read."""
    first_line: int
    """1-based line of article.md on which the text starts."""
    references: tuple[Reference, ...]
    facts: facts.FactsContent
    problems: tuple[Problem, ...]
    """Of the article, the references and the YAML of the facts; those of single facts are in ``facts``."""

    @property
    def facts_path(self) -> Path:
        return self.path / "facts.yaml"

    def require_article(self) -> Article:
        """The article; DataError, with every problem, where it or a reference cannot be read."""
        if self.article is None or self.problems:
            raise DataError.of(self.problems)
        return self.article


def load(*origins: Source, limit: int | None = None) -> Articles:
    """The articles of the sources in order, those of a folder by name, and only the first ``limit`` of all of them.

    DataError with every problem: folders and JSONL files are read whole, of tables and data sets what is wanted.
    They are read once, and kept on disk for as long as the process lasts.
    """
    problems: list[Problem] = []
    with naming(DataError):
        articles = Articles.of(_each(origins, limit, problems))
    if problems:
        raise DataError.of(problems)
    return articles if limit is None else articles[:limit]


def _each(given: Iterable[Source], limit: int | None, problems: list[Problem]) -> Iterator[Item]:
    """Every article, also one whose id another one has: what is wrong is added to ``problems``."""
    paths: dict[str, str] = {}
    for source in given:
        with gathered(problems):
            for item in _load_one(source, None if limit is None else max(1, limit - len(paths))):
                name, path = item.article.id, item.article.path
                if name in paths:
                    message = f"{name!r} is also the id of an article in {paths[name]}; give each its own"
                    problems.append(Problem(path, None, "id", message))
                paths.setdefault(name, sys.intern(path))
                yield item


def folders(path: Path) -> list[Path]:
    """The articles' folders at a path: itself, or those in it; DataError where there is none."""
    if (path / "article.md").is_file():
        return [path]
    inside = sorted(path.glob("[!.]*/")) if path.is_dir() else []
    article_folders = [child for child in inside if any((child / name).exists() for name in _LAYOUT)]
    if not article_folders:
        raise DataError.of([Problem(show(path), None, "", _missing(path))])
    return article_folders


def find(name: str, references: Path) -> Folder:
    """The article of a name in ``references``, or at the path of its folder; DataError where there is none."""
    for path in (references / name, Path(name)):
        if any((path / inside).exists() for inside in _LAYOUT):
            return read_folder(path)
    names = [path.name for path in folders(references)]
    message = f"there is no article {name!r}; {nearest(name, names)}; or give the path of an article's folder"
    raise DataError.of([Problem(show(references), None, "", message)])


def read_folder(path: Path) -> Folder:
    """One article's folder: all that can be read of it, beside all that is wrong with it."""
    problems: list[Problem] = []
    article, first_line = None, 1
    with gathered(problems):
        file = front_matter.read(path / "article.md")
        first_line = file.first_line
        article = _article(file)
    references: list[Reference] = []
    for written in sorted((path / "references").glob("[!.]*")):
        with gathered(problems):
            references += [_reference(written)] if written.is_file() else []
    reading = facts.FactsContent(show(path / "facts.yaml"), (), {}, {}, ())
    if (path / "facts.yaml").exists():
        with gathered(problems):
            reading = facts.read(path / "facts.yaml", article)
    return Folder(path, article, first_line, tuple(references), reading, tuple(problems))


def _load_one(source: Source, limit: int | None) -> Iterator[Item]:
    if isinstance(source, DataSet):
        return hub.load(source, limit)
    table = source if isinstance(source, Table) else None
    path = source.path if isinstance(source, Table) else source
    return remote.reached(path, lambda: _read(remote.located(path), table, limit))


def _read(path: Path, table: Table | None, limit: int | None) -> Iterator[Item]:
    if table is not None or (path.is_file() and path.suffix.lower() in sources.TABLES):
        return tables.load(path, table or Table.model_construct(path=path), limit)
    return rows.load(path) if path.is_file() and path.suffix == ".jsonl" else _load_folders(path)


def _load_folders(path: Path) -> Iterator[Item]:
    problems: list[Problem] = []
    for folder in map(read_folder, folders(path)):
        problems += [*folder.problems, *folder.facts.problems]
        if folder.article is not None:
            yield Item(folder.article, folder.references, folder.facts.facts)
    if problems:
        raise DataError.of(problems)


def _missing(path: Path) -> str:
    if path.is_file():
        return "is no folder and no .jsonl, .csv or .parquet file; give an article's folder, or a file with a row each"
    if not path.exists():
        return "there is no such file or folder"
    return "holds no article; an article is a folder with the file article.md in it"


def _article(file: FrontMatter) -> Article:
    path = file.matter.path
    problems: list[Problem] = []
    matter = ArticleMatter()
    with gathered(problems):
        matter = validated(ArticleMatter, file.matter.data, (), file)
    if fault := article_fault(file.text):
        problems.append(file.text_problem(fault))
    # resolve() would give a link's target, not its name
    folder = path.parent if url(path) else Path(os.path.abspath(path)).parent  # noqa: PTH100
    name = folder.name
    if encodable(name) != name:
        problems.append(file.text_problem("its folder's name is not UTF-8; give the folder another"))
    parts = _parts(matter, file, problems)
    if problems:
        raise DataError.of(problems)
    return Article(
        id=name,
        text=file.text,
        title=matter.title or name,
        language=matter.language,
        date=matter.date,
        source=matter.source,
        parts=parts,
        path=show(path),
    )


def _parts(matter: ArticleMatter, file: FrontMatter, problems: list[Problem]) -> tuple[Part, ...]:
    spans = paragraphs(file.text)
    parts = []
    for index, entry in enumerate(matter.parts):
        first, last = entry.paragraphs
        if 1 <= first <= last <= len(spans):
            parts.append(Part(entry.name, spans[first - 1].start, spans[last - 1].end))
        else:
            message = f"is [{first}, {last}]; write [first, last], from 1 to {len(spans)}, the article's last paragraph"
            problems.append(file.problem(("parts", index, "paragraphs"), message))
    return tuple(parts)


def _reference(path: Path) -> Reference:
    if path.suffix != ".md":
        raise DataError.of([Problem(show(path), None, "", f"is not read; name it {path.stem}.md, or move it away")])
    if encodable(path.stem) != path.stem:
        raise DataError.of([Problem(show(path), None, "", "its name is not UTF-8; give the file another")])
    file = front_matter.read(path)
    problems: list[Problem] = []
    matter = ReferenceMatter()
    with gathered(problems):
        matter = validated(ReferenceMatter, file.matter.data, (), file)
    if fault := reference_fault(file.text):
        problems.append(file.text_problem(fault))
    if problems:
        raise DataError.of(problems)
    return Reference(id=path.stem, text=file.text.strip(), shape=matter.shape, author=matter.author)

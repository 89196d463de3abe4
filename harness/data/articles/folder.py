"""An article's folder, in the layout of ``references/``.

references/<article-id>/article.md      front matter (title, language, date, source, parts), then the text verbatim
                        references/*.md front matter (shape, author), then the text, white space around it cut
                        facts.yaml      see ``facts/file.py``
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict

from harness.data import facts
from harness.data.articles import front_matter
from harness.data.articles.front_matter import FrontMatter
from harness.data.articles.texts import Date, Language, article_fault, reference_fault
from harness.data.validation import collect_problems, data_error, suggest_name, validate
from harness.errors import DataError, Problem
from harness.files import named, show
from harness.records import Article, Part, Reference
from harness.text import encodable, paragraphs

M = TypeVar("M", bound=BaseModel)

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
    """Problems of the article, the references and the YAML of the facts; ``facts`` holds those of single facts."""

    @property
    def facts_path(self) -> Path:
        return self.path / "facts.yaml"

    def require_article(self) -> Article:
        """The article; DataError, with every problem, where it or a reference cannot be read."""
        if self.article is None or self.problems:
            raise DataError.of(self.problems)
        return self.article


def folders(path: Path) -> list[Path]:
    """The articles' folders at a path: itself, or those in it; DataError where there is none."""
    if (path / "article.md").is_file():
        return [path]
    inside = sorted(path.glob("[!.]*/")) if path.is_dir() else []
    article_folders = [child for child in inside if any((child / name).exists() for name in _LAYOUT)]
    if not article_folders:
        raise data_error(path, _missing(path))
    return article_folders


def find(name: str, references: Path) -> Folder:
    """The article of a name in ``references``, or at the path of its folder; DataError where there is none."""
    for path in (references / name, Path(name)):
        if any((path / inside).exists() for inside in _LAYOUT):
            return read_folder(path)
    names = [path.name for path in folders(references)]
    message = f"there is no article {name!r}; {suggest_name(name, names)}; or give the path of an article's folder"
    raise data_error(references, message)


def read_folder(path: Path) -> Folder:
    """One article's folder: all that can be read of it, beside all that is wrong with it."""
    problems: list[Problem] = []
    article, first_line = None, 1
    with collect_problems(problems):
        file = front_matter.read(path / "article.md")
        first_line = file.first_line
        article = _article(file)
    references: list[Reference] = []
    for written in sorted((path / "references").glob("[!.]*")):
        with collect_problems(problems):
            references += [_reference(written)] if written.is_file() else []
    reading = facts.FactsContent(show(path / "facts.yaml"))
    if (path / "facts.yaml").exists():
        with collect_problems(problems):
            reading = facts.read(path / "facts.yaml", article)
    return Folder(path, article, first_line, tuple(references), reading, tuple(problems))


def _missing(path: Path) -> str:
    if path.is_file():
        return "is no folder and no .jsonl, .csv or .parquet file; give an article's folder, or a file with a row each"
    if not path.exists():
        return "there is no such file or folder"
    return "holds no article; an article is a folder with the file article.md in it"


def _article(file: FrontMatter) -> Article:
    path = file.matter.path
    # resolve() would give a link's target, not its name
    folder = Path(os.path.abspath(path)).parent  # noqa: PTH100
    matter, problems = _matter(ArticleMatter, file, article_fault)
    if encodable(folder.name) != folder.name:
        problems.append(file.text_problem("its folder's name is not UTF-8; give the folder another"))
    parts = _parts(matter, file, problems)
    if problems:
        raise DataError.of(problems)
    return Article(
        id=folder.name,
        text=file.text,
        title=matter.title,
        language=matter.language,
        date=matter.date,
        source=matter.source,
        parts=parts,
        path=named(path),
    )


def _matter(model: type[M], file: FrontMatter, fault: Callable[[str], str | None]) -> tuple[M, list[Problem]]:
    """The front matter of a file (empty where it cannot be read), and what is wrong with it or with the text."""
    problems: list[Problem] = []
    matter = model()
    with collect_problems(problems):
        matter = validate(model, file.matter.data, (), file.matter)
    if message := fault(file.text):
        problems.append(file.text_problem(message))
    return matter, problems


def _parts(matter: ArticleMatter, file: FrontMatter, problems: list[Problem]) -> tuple[Part, ...]:
    spans = paragraphs(file.text)
    parts = []
    for index, entry in enumerate(matter.parts):
        first, last = entry.paragraphs
        if 1 <= first <= last <= len(spans):
            parts.append(Part(entry.name, spans[first - 1].start, spans[last - 1].end))
        else:
            message = f"is [{first}, {last}]; write [first, last], from 1 to {len(spans)}, the article's last paragraph"
            problems.append(file.matter.problem(("parts", index, "paragraphs"), message))
    return tuple(parts)


def _reference(path: Path) -> Reference:
    if path.suffix != ".md":
        raise data_error(path, f"is not read; name it {path.stem}.md, or move it away")
    if encodable(path.stem) != path.stem:
        raise data_error(path, "its name is not UTF-8; give the file another")
    file = front_matter.read(path)
    matter, problems = _matter(ReferenceMatter, file, reference_fault)
    if problems:
        raise DataError.of(problems)
    return Reference(id=path.stem, text=file.text.strip(), shape=matter.shape, author=matter.author)

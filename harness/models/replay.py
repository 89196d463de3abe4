"""Outputs made elsewhere, from rows of JSONL or CSV or another tool's file, scored as if they were made here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from itertools import islice, product
from pathlib import Path
from typing import ClassVar, Literal, Self

from pydantic import field_validator, model_validator

from harness.errors import DataError
from harness.files import show
from harness.models._imported import SUFFIXES, reader
from harness.models._imported.reader import Columns
from harness.models._saved import ONLY, Outputs, read
from harness.records import Generation, Item, Request
from harness.seams import FilePath, Model
from harness.signature import file_digest


class Replay(Model):
    """Saved summaries: a row each, with the article's id, the system's name and the text.

    Rows with one system and one article are samples, in the file's order. A system without a row for an article has no
    summary of it, and the records say so.
    """

    unsigned: ClassVar[frozenset[str]] = frozenset({"path", "other_articles"})

    path: FilePath
    """A .jsonl file (an object a line) or a .csv file (with a header line); or what another tool wrote:
    lm-evaluation-harness samples_*.jsonl, or promptfoo the .json, .jsonl, .yaml, .csv or .xml of its --output."""
    system: str | None = None
    """Take this one of the file's systems; null for all of them, each a system under its own name."""
    article_column: str = "article_id"
    """The column (in JSONL: the key) that holds the article's id. In other tools' files: doc_id, or another key of
    lm-evaluation-harness, doc.id say; a variable of promptfoo's tests."""
    system_column: str | None = "system"
    """The column that holds the system's name; null for a file of one system's outputs, as lm-evaluation-harness's
    are; promptfoo's are named by provider and prompt."""
    summary_column: str = "summary"
    """The column that holds the summary. In lm-evaluation-harness's files: resps, or filtered_resps."""

    other_articles: Literal["refuse", "skip"] = "refuse"
    """What to do with rows of articles that the config does not have."""

    @field_validator("path")
    @classmethod
    def _known_format(cls, path: Path) -> Path:
        if path.is_dir():
            raise ValueError(f"{path.name} is a folder; name the file in it that holds the outputs")
        if path.exists() and not path.is_file():
            raise ValueError(f"{path.name} is no file that has an end; save the outputs to one, and name that")
        if path.suffix.lower() not in SUFFIXES:
            why = (
                "; promptfoo's HTML is for reading, export its .jsonl as well" if path.suffix.lower() == ".html" else ""
            )
            raise ValueError(f"{path.name} must end in {', '.join(SUFFIXES)}, which says how it is written{why}")
        return path

    @model_validator(mode="after")
    def _one_way_to_choose(self) -> Self:
        if self.system is not None and self._columns.system is None:
            named = "system_column: null says that there is one"
            if "system_column" not in self.model_fields_set:
                named = "this file names none: all its rows are of one, which has this model's name"
            raise ValueError(f"system picks one of several systems, and {named}")
        return self

    def check(self) -> Iterable[str]:
        try:
            systems = self._outputs.systems
        except DataError as error:
            return [str(problem) for problem in error.problems]
        if self.system is None or self.system in systems:
            return []
        near = get_close_matches(self.system, systems, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        return [f"{show(self.path)} has no system {self.system!r}{hint} (systems: {', '.join(systems)})"]

    def check_articles(self, ids: Collection[str], whole: bool) -> Iterable[str]:
        systems = self._outputs.systems if self.system is None else (self.system,)
        matched: set[str] = set()
        others: dict[str, str] = {}
        for system, article in self._outputs.pairs():
            if article in ids:
                matched.add(system)
            elif system in systems:
                others.setdefault(article, system)
        lost = [system for system in systems if system not in matched]
        if len(lost) == len(systems) or (whole and lost):
            return [self._no_match(lost if len(lost) < len(systems) else [], list(others), ids)]
        if not others or not whole or self.other_articles == "skip":
            return []
        near = get_close_matches(next(iter(others)), list(ids), n=1)
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        message = (
            f"{show(self.path)} has rows of articles that the config does not have ({len(others):,}): "
            f"{_few(others)}{hint}; mend the ids, add the articles, or leave them out with other_articles: skip"
        )
        return [message]

    def gaps(self, ids: Collection[str]) -> Iterable[str]:
        systems = self._outputs.systems if self.system is None else (self.system,)
        lacking: list[str] = []
        twice: list[str] = []
        for system, article in product(systems, ids):
            texts = [output.text.strip() for output in self._outputs.of(system, article)]
            place = f"{system} of {article}" if system != ONLY else article
            if not texts or "" in texts:
                lacking.append(place)
            if len(set(texts)) < len(texts):
                twice.append(place)
        if lacking:
            yield f"{show(self.path)} lacks a summary, or has an empty one, of {len(lacking):,}: {_few(lacking)}"
        if twice:
            yield f"{show(self.path)} has a summary more than once, each counts as a sample: {_few(twice)}"

    def _no_match(self, systems: Sequence[str], others: Sequence[str], ids: Collection[str]) -> str:
        """What to say of systems (none named: all of them) that have no row for any article of the config."""
        whose = f"no row of {' or '.join(map(repr, systems))}" if systems else "no row"
        choose = ", or choose other systems with system" if systems else ""
        return (
            f"{show(self.path)} has {whose} for any article of the config: {self._columns.article} is {_few(others)} "
            f"there, and the articles are {_few(ids)}; name the column of their ids in article_column{choose}"
        )

    def depends(self) -> Mapping[str, str]:
        return {"outputs": self._digest[:16]}

    def variants(self) -> tuple[str, ...]:
        return () if self.system is not None or self._columns.system is None else self._outputs.systems

    def samples_for(self, item: Item, variant: str | None = None) -> int:
        """The summaries of a system; without a named variant, of the system that has most."""
        chosen = self._chosen(variant)
        systems = self._outputs.systems if chosen is None else (chosen,)
        return max(1, *(self._outputs.count(system, item.article.id) for system in systems))

    def generate(self, requests: Sequence[Request]) -> Iterable[Generation]:
        for request in requests:
            system = self._chosen(request.variant)
            if system is None:
                raise ValueError(f"{self.path.name} holds several systems: the request must name one")
            yield self._answer(request, system)

    def _answer(self, request: Request, system: str) -> Generation:
        article = request.item.article.id
        saved = self._outputs.of(system, article)
        whose = f" of {system}" if system != ONLY else ""
        if request.sample >= len(saved):
            which = f" {request.sample + 1}" if request.sample else ""
            reason = f"no saved output{which}{whose} for article {article} in {self.path.name}"
            return Generation(request.id, None, reason, "none")
        output = saved[request.sample]
        if not output.text.strip():
            place = self.path.name if output.line is None else f"{self.path.name}:{output.line}"
            reason = f"the saved output{whose} for article {article} is empty ({place})"
            reason += f": {output.reason}" if output.reason else ""
            return Generation(request.id, None, reason, "none")
        return Generation(request.id, output.text)

    def _chosen(self, variant: str | None) -> str | None:
        return ONLY if self._columns.system is None else variant or self.system

    @cached_property
    def _outputs(self) -> Outputs:
        return read(self.path, self._columns)

    @cached_property
    def _columns(self) -> Columns:
        """The columns as the config names them, else as files of this kind do."""
        columns, given = reader(self.path).columns, self.model_fields_set
        return Columns(
            self.article_column if "article_column" in given else columns.article,
            self.system_column if "system_column" in given else columns.system,
            self.summary_column if "summary_column" in given else columns.summary,
        )

    @cached_property
    def _digest(self) -> str:
        self._outputs  # noqa: B018  # a file that cannot be read is an error with an instruction there
        return file_digest(self.path)


def _few(names: Collection[str]) -> str:
    """The first names, and that there are more."""
    return ", ".join([*map(repr, islice(names, 3)), *(["…"] if len(names) > 3 else [])])

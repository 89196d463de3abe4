"""Outputs made elsewhere, from a JSONL or CSV file, scored as if they were made here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Self

from pydantic import field_validator, model_validator

from harness.errors import DataError
from harness.files import show
from harness.models._saved import FORMATS, ONLY, Columns, Output, Outputs, read
from harness.records import Generation, Item, Request
from harness.seams import FilePath, Model
from harness.signature import file_digest


class Replay(Model):
    """Saved summaries: a row each, with the article's id, the system's name and the text.

    Rows with one system and one article are samples, in the file's order. Rows of articles that the config does not
    have are left alone.
    """

    unsigned: ClassVar[frozenset[str]] = frozenset({"path"})

    path: FilePath
    """A .jsonl file (an object a line) or a .csv file (with a header line)."""
    system: str | None = None
    """Take this one of the file's systems; null for all of them, each a system under its own name."""
    article_column: str = "article_id"
    """The column (in JSONL: the key) that holds the article's id."""
    system_column: str | None = "system"
    """The column that holds the system's name; null for a file of one system's outputs."""
    summary_column: str = "summary"
    """The column that holds the summary."""

    @field_validator("path")
    @classmethod
    def _known_format(cls, path: Path) -> Path:
        if path.suffix.lower() not in FORMATS:
            raise ValueError(f"{path.name} must end in {' or '.join(FORMATS)}, which says how it is written")
        return path

    @model_validator(mode="after")
    def _one_way_to_choose(self) -> Self:
        if self.system is not None and self.system_column is None:
            raise ValueError("system picks one of several systems, and system_column: null says that there is one")
        return self

    def check(self) -> Iterable[str]:
        try:
            systems = list(self._outputs)
        except DataError as error:
            return [str(problem) for problem in error.problems]
        if self.system is None or self.system in systems:
            return []
        near = get_close_matches(self.system, systems, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        return [f"{show(self.path)} has no system {self.system!r}{hint} (systems: {', '.join(systems)})"]

    def depends(self) -> Mapping[str, str]:
        return {"outputs": self._digest[:16]}

    def variants(self) -> tuple[str, ...]:
        return () if self.system is not None or self.system_column is None else tuple(self._outputs)

    def samples_for(self, item: Item, variant: str | None = None) -> int:
        """Of all the file's systems the largest number, where no variant is named."""
        chosen = self._chosen(variant)
        systems = self._outputs if chosen is None else [chosen]
        return max(1, *(len(self._saved(system, item.article.id)) for system in systems))

    def generate(self, requests: Sequence[Request]) -> Iterable[Generation]:
        for request in requests:
            system = self._chosen(request.variant)
            if system is None:
                raise ValueError(f"{self.path.name} holds several systems: the request must name one")
            yield self._answer(request, system)

    def _answer(self, request: Request, system: str) -> Generation:
        article = request.item.article.id
        saved = self._saved(system, article)
        whose = f" of {system}" if system != ONLY else ""
        if request.sample >= len(saved):
            which = f" {request.sample + 1}" if request.sample else ""
            reason = f"no saved output{which}{whose} for article {article} in {self.path.name}"
            return Generation(request.id, None, reason, "none")
        output = saved[request.sample]
        if not output.text.strip():
            reason = f"the saved output{whose} for article {article} is empty ({self.path.name}:{output.line})"
            return Generation(request.id, None, reason, "none")
        return Generation(request.id, output.text)

    def _chosen(self, variant: str | None) -> str | None:
        return ONLY if self.system_column is None else variant or self.system

    def _saved(self, system: str, article: str) -> Sequence[Output]:
        return self._outputs.get(system, {}).get(article, ())

    @cached_property
    def _outputs(self) -> Outputs:
        return read(self.path, Columns(self.article_column, self.system_column, self.summary_column))

    @cached_property
    def _digest(self) -> str:
        self._outputs  # noqa: B018  # a file that cannot be read is an error with an instruction there
        return file_digest(self.path)

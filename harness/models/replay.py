"""Outputs made elsewhere, from rows of JSONL or CSV or another tool's file, scored as if they were made here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Self

from pydantic import field_validator, model_validator

from harness.errors import DataError
from harness.files import show
from harness.models._imported import tool
from harness.models._imported.tool import Columns
from harness.models._saved import ONLY, SUFFIXES, Outputs, read
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
    """A .jsonl file (an object a line) or a .csv file (with a header line); or what another tool wrote:
    lm-evaluation-harness samples_*.jsonl, or promptfoo the .json of its --output."""
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

    @field_validator("path")
    @classmethod
    def _known_format(cls, path: Path) -> Path:
        if path.suffix.lower() not in SUFFIXES:
            raise ValueError(f"{path.name} must end in {', '.join(SUFFIXES)}, which says how it is written")
        return path

    @model_validator(mode="after")
    def _one_way_to_choose(self) -> Self:
        if self.system is not None and self._columns.system is None:
            raise ValueError("system picks one of several systems, and system_column: null says that there is one")
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

    def depends(self) -> Mapping[str, str]:
        return {"outputs": self._digest[:16]}

    def variants(self) -> tuple[str, ...]:
        return () if self.system is not None or self._columns.system is None else self._outputs.systems

    def samples_for(self, item: Item, variant: str | None = None) -> int:
        """Of all the file's systems the largest number, where no variant is named."""
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
        """As the config names them, else as the tool does that wrote the file."""
        written = Columns(self.article_column, self.system_column, self.summary_column)
        other = tool(self.path)
        if other is None:
            return written
        given = self.model_fields_set
        return Columns(
            written.article if "article_column" in given else other.columns.article,
            written.system if "system_column" in given else other.columns.system,
            written.summary if "summary_column" in given else other.columns.summary,
        )

    @cached_property
    def _digest(self) -> str:
        self._outputs  # noqa: B018  # a file that cannot be read is an error with an instruction there
        return file_digest(self.path)

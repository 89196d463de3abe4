"""Saved summaries that were made elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from functools import cached_property
from itertools import islice, product
from pathlib import Path
from typing import ClassVar, Literal, Self

from pydantic import field_validator, model_validator

from harness.data.validation import suggest_name
from harness.document.format import plural
from harness.errors import DataError
from harness.files import show
from harness.models.outputs import (
    DEFAULT_COLUMNS,
    SUFFIXES,
    UNNAMED_SYSTEM,
    Columns,
    Format,
    Outputs,
    detect_format,
    read_outputs,
)
from harness.records import Generation, Item, Request
from harness.seams import FilePath, Model
from harness.signature import cached_digest


class Replay(Model):
    """Returns saved summaries of one or several systems.

    If a system has several rows for an article, they are its samples, in the file's order. If it has none, its summary
    is missing and the record says so.
    """

    unsigned: ClassVar[frozenset[str]] = frozenset({"path", "other_articles"})
    reads_references: ClassVar[bool] = False

    path: FilePath
    """A .jsonl or .csv file of your own, samples_*.jsonl of lm-evaluation-harness, promptfoo's .json, or an Inspect
    log."""
    system: str | None = None
    """Read only this system of the file; null for all systems."""
    article_column: str = "article_id"
    """The column or key of the article's id; by default doc_id for lm-evaluation-harness, the variable article_id for
    promptfoo, and the sample's id for Inspect."""
    system_column: str | None = "system"
    """The column or key of the system's name, except for promptfoo and Inspect; null for a file with one system."""
    summary_column: str = "summary"
    """The column of the summary; in files of lm-evaluation-harness, ``resps`` or ``filtered_resps``. Not for promptfoo
    and Inspect."""
    other_articles: Literal["refuse", "skip"] = "refuse"
    """Whether to refuse or skip rows of articles that the config does not have."""

    @field_validator("path")
    @classmethod
    def _check_path(cls, path: Path) -> Path:
        if path.exists() and not path.is_file():
            raise ValueError("this is a folder or a pipe; give the path of a file")
        if path.suffix.lower() not in SUFFIXES:
            raise ValueError(f"its name must end in {', '.join(SUFFIXES)}; export promptfoo's results as .json")
        return path

    @model_validator(mode="after")
    def _check_system(self) -> Self:
        if self.system is not None and self._columns.system is None:
            raise ValueError("leave out the option `system`, which chooses one of several: this file has only one")
        for option in sorted({"summary_column", "system_column"} & self.model_fields_set):
            if getattr(self, option) is not None and self._format in ("promptfoo", "inspect"):
                raise ValueError(f"leave out the option `{option}`: it does not apply to promptfoo and Inspect")
        return self

    def check(self) -> Iterable[str]:
        try:
            systems = self._outputs.systems
        except DataError as error:
            return [str(problem) for problem in error.problems]
        if self.system is None or self.system in systems:
            return []
        return [f"{show(self.path)} has no system {self.system!r}; {suggest_name(self.system, systems)}"]

    def check_articles(self, ids: Collection[str], whole: bool) -> Iterable[str]:
        systems, pairs = self._chosen_systems, self._outputs.pairs
        matched = {system for system, article in pairs if article in ids}
        others = dict.fromkeys(article for system, article in pairs if article not in ids and system in systems)
        lost = [system for system in systems if system not in matched]
        if len(lost) == len(systems) or (whole and lost):
            some = len(lost) < len(systems)
            whose = f"no row of {' or '.join(map(repr, lost))}" if some else "no row"
            choose = ", or set system to another one" if some else ""
            yield (
                f"{show(self.path)} has {whose} for any article of the config: its column {self._columns.article} has "
                f"{_quote_first(others)}, and the articles are {_quote_first(ids)}; correct the ids, or set "
                f"article_column to the column that has them{choose}"
            )
        elif others and whole and self.other_articles == "refuse":
            near = get_close_matches(next(iter(others)), list(ids), n=1)
            hint = f" (did you mean {near[0]!r}?)" if near else ""
            yield (
                f"{show(self.path)} has rows of {plural(len(others), 'article')} that the config does not have: "
                f"{_quote_first(others)}{hint}; correct the ids, add the articles, or set other_articles: skip"
            )

    def gaps(self, ids: Collection[str]) -> Iterable[str]:
        missing: list[str] = []
        repeated: list[str] = []
        for system, article in product(self._chosen_systems, ids):
            texts = [output.text.strip() for output in self._outputs.of(system, article)]
            place = f"{system} of {article}" if system != UNNAMED_SYSTEM else article
            written = [text for text in texts if text]
            if not texts or len(written) < len(texts):
                missing.append(place)
            if len(set(written)) < len(written):
                repeated.append(place)
        if missing:
            noun = "summary" if len(missing) == 1 else "summaries"
            yield f"{show(self.path)} has {len(missing):,} missing or empty {noun}: {_quote_first(missing)}"
        if repeated:
            yield f"{show(self.path)} repeats a summary, and each copy counts as a sample: {_quote_first(repeated)}"

    def depends(self) -> Mapping[str, str]:
        self._outputs  # noqa: B018  # if the file cannot be read, raises a DataError that says what to do
        return {"outputs": cached_digest(self.path)[:16]}

    def variants(self) -> tuple[str, ...]:
        return () if self.system is not None or self._columns.system is None else self._outputs.systems

    def samples_for(self, item: Item, variant: str | None = None) -> int:
        return max(1, self._outputs.count(variant or self.system or UNNAMED_SYSTEM, item.article.id))

    def generate(self, requests: Iterable[Request]) -> Iterable[Generation]:
        return map(self._answer, requests)

    def _answer(self, request: Request) -> Generation:
        system, article = request.variant or self.system or UNNAMED_SYSTEM, request.item.article.id
        saved = self._outputs.of(system, article)
        whose = f" of {system}" if system != UNNAMED_SYSTEM else ""
        if request.sample >= len(saved):
            which = f" {request.sample + 1}" if request.sample else ""
            reason = f"no saved output{which}{whose} for this article in {self.path.name}"
            return Generation(request.id, None, reason, "none")
        output = saved[request.sample]
        usage = output.usage._asdict()
        if output.text.strip():
            return Generation(request.id, output.text, **usage)
        reason = f"the saved output{whose} in {self.path.name} is empty{f': {output.reason}' if output.reason else ''}"
        return Generation(request.id, None, reason, **{**usage, "finish": "none"})

    @property
    def _chosen_systems(self) -> tuple[str, ...]:
        return self._outputs.systems if self.system is None else (self.system,)

    @cached_property
    def _format(self) -> Format:
        return detect_format(self.path)

    @cached_property
    def _columns(self) -> Columns:
        """The columns that the config names, else the format's own."""
        names = [name for name in ("article", "system", "summary") if f"{name}_column" in self.model_fields_set]
        return replace(DEFAULT_COLUMNS[self._format], **{name: getattr(self, f"{name}_column") for name in names})

    @cached_property
    def _outputs(self) -> Outputs:
        return read_outputs(self.path, self._format, self._columns)


def _quote_first(names: Collection[str]) -> str:
    return ", ".join([*map(repr, islice(names, 3)), *(["…"] if len(names) > 3 else [])])

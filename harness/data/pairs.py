"""Read premises and hypotheses from JSONL files, without a run.

Keys with ``?`` may be missing or null; other keys are ignored.

``harness verify`` reads pairs to check. ``id`` defaults to the line's number:

    {"id"?, "premise", "hypothesis", "accepted"?: [], "contrasts"?: [], "language"?}
    {"id"?, "premise", "hypotheses": [], "language"?}

To measure a verifier against people's labels, add ``label`` to each line, or one label per hypothesis in ``labels``,
and optionally ``group``, ``system`` and ``kind``. A line may also hold two summaries, a faithful one and the same
summary with an injected error:

    {"premise", "supported", "contradicted", "group"?, "kind"?}

Rows of one ``group`` (default: the premise) are not independent, e.g. because they share an article. Labels are
supported, contradicted, absent, unsupported (contradicted or absent, unknown which) and uncertain, or their synonyms in
``WORDS``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from harness.data.articles.texts import Language, Name
from harness.data.lines import RowPlace, json_lines, parse_rows
from harness.data.validation import data_error, key_error, validate
from harness.records import Pair
from harness.signature import digest, file_digest

HumanLabel = Literal["supported", "contradicted", "absent", "unsupported"]
HUMAN_LABELS: tuple[HumanLabel, ...] = get_args(HumanLabel)

WORDS: Mapping[str, str] = {
    **{label: label for label in (*HUMAN_LABELS, "uncertain")},
    "not supported": "unsupported",
    "entailment": "supported",
    "contradiction": "contradicted",
    "neutral": "absent",
    "true": "supported",
    "false": "unsupported",
}
"""Label or synonym, in lower case → label. JSON's true and false count too."""


def _parse_label(value: object) -> object:
    label = WORDS.get(str(value).strip().lower()) if isinstance(value, str | bool) else None
    if label is None:
        raise ValueError(f"write {', '.join(HUMAN_LABELS[:-1])} or {HUMAN_LABELS[-1]}")
    return label


WrittenLabel = Annotated[Literal[HumanLabel, "uncertain"], BeforeValidator(_parse_label)]


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    id: str | int | None = None
    premise: str
    hypothesis: str | None = None
    hypotheses: list[str] | None = None
    accepted: list[str] = []
    contrasts: list[str] = []
    language: Language = "en"

    def list_pairs(self, row: RowPlace) -> list[Pair]:
        """Return a pair for each hypothesis; raise DataError if the line has none, or conflicting keys."""
        if (self.hypothesis is None) == (self.hypotheses is None):
            keys = ", ".join(sorted(self.model_fields_set))
            found = f"has neither; keys found: {keys}" if self.hypothesis is None else "has both; remove one"
            raise key_error(row, (), f"needs either a hypothesis or a list of hypotheses, but {found}")
        if self.hypotheses is not None and (self.accepted or self.contrasts):
            message = "accepted and contrasts belong to one hypothesis; give each hypothesis its own line"
            raise key_error(row, ("hypotheses",), message)
        hypotheses = self.hypotheses if self.hypothesis is None else [self.hypothesis]
        options = (tuple(self.accepted), tuple(self.contrasts), self.language)
        return [Pair(self.premise, each, *options) for each in hypotheses or []]


class _LabelledLine(_Line):
    label: WrittenLabel | None = None
    labels: list[WrittenLabel] | None = Field(None, min_length=1)
    group: Name | None = None
    system: Name = ""
    kind: str = ""


class _EditedSummary(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    premise: str
    supported: str
    contradicted: str
    group: Name | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """A hypothesis with people's label."""

    pair: Pair
    label: HumanLabel
    group: str
    system: str = ""
    """The system that wrote the summary; '' if unknown."""
    kind: str = ""
    """The kind of fact, ``claim``, or any kind that a file names; '' if unknown."""


@dataclass(frozen=True, slots=True)
class EditedPair:
    """A faithful summary, and the same summary with an injected error."""

    article: str
    faithful: str
    edited: str
    group: str
    kind: str = ""
    """The kind of error; '' if unknown."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """The labelled rows of one source."""

    name: str
    digest: str
    """SHA-256 of the file; empty for a data set."""
    labelled: tuple[LabelledPair, ...] = ()
    edits: tuple[EditedPair, ...] = ()
    unsure: int = 0
    """Number of pairs left out because people were unsure or disagreed."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """Name → digest of the corpus's parts, if there are several."""
    facts_by_system: tuple[LabelledPair, ...] | None = None
    """A row for each fact and summary, to compare systems; None if ``labelled`` already has this form."""

    @property
    def sources(self) -> Mapping[str, str]:
        """Name → digest of each file."""
        return self.parts or {self.name: self.digest}

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*(row.group for row in self.labelled), *(row.group for row in self.edits)]))

    def find_overlap(self, fitted: Mapping[str, str]) -> str | None:
        """Return the first file of ``fitted`` (name → SHA-256) that is this corpus or may share rows with it, or None.

        A file matches by checksum, or if the first word of its name (three letters or more) is in this corpus's name.
        """
        if self.parts:
            return next((name for name in fitted if name in self.parts), None)
        same = next((file for file, checksum in fitted.items() if checksum and checksum == self.digest), None)
        words = _split_words(self.name)
        # the name of an article's labels.jsonl says nothing about its rows
        first = {each[0]: file for file in fitted if "/" not in file and (each := _split_words(file))}
        return same or next((first[word] for word in words if word in first and sum(map(str.isalpha, word)) > 2), None)


def _split_words(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", name.casefold())


def read_labelled(path: Path) -> Corpus:
    """Read the labelled rows of a JSONL file; a DataError lists every bad line."""
    rows = [row for line in parse_rows(json_lines(path), _parse_line) for row in line]
    if not rows:
        raise data_error(path, "is empty; write one JSON object per line")
    return Corpus(
        path.name,
        file_digest(path),
        tuple(row for row in rows if isinstance(row, LabelledPair)),
        tuple(row for row in rows if isinstance(row, EditedPair)),
        rows.count(None),
    )


def _parse_line(data: dict[str, Any], source: RowPlace) -> Sequence[LabelledPair | EditedPair | None]:
    """Parse a line by its form; None stands for a pair labelled uncertain."""
    data = _drop_nulls(data)
    keys = data.keys()
    if {"annotator", "premise_hash"} <= keys:
        message = "is from an article's labels.jsonl, which lacks the texts; name the run instead: results/NAME"
        raise key_error(source, (), message)
    if keys & {"hypothesis", "label", "hypotheses", "labels"}:
        return _label_pairs(validate(_LabelledLine, data, (), source), source)
    if keys & {"supported", "contradicted"}:
        edit = validate(_EditedSummary, data, (), source)
        return [EditedPair(edit.premise, edit.supported, edit.contradicted, _find_group(edit), edit.kind)]
    message = (
        f"has no label; keys found: {', '.join(data)}; write premise, hypothesis and label, or premise, hypotheses and "
        "labels, or premise, supported and contradicted (two summaries)"
    )
    raise key_error(source, (), message)


def _drop_nulls(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value is not None}


def _label_pairs(line: _LabelledLine, source: RowPlace) -> list[LabelledPair | None]:
    pairs, group = line.list_pairs(source), _find_group(line)
    if line.label is None and line.labels is None:
        message = 'has neither "label" nor "labels" (a list with one label for each hypothesis); add one'
        raise key_error(source, (), message)
    key, labels = ("labels", line.labels or []) if line.label is None else ("label", [line.label])
    if len(pairs) != len(labels):
        counts = f"labels: {len(labels)}, hypotheses: {len(pairs)}"
        raise key_error(source, (key,), f"must hold one label for each hypothesis; {counts}")
    return [
        None if label == "uncertain" else LabelledPair(pair, label, group, line.system, line.kind)
        for pair, label in zip(pairs, labels, strict=True)
    ]


def _find_group(line: _LabelledLine | _EditedSummary) -> str:
    return digest(line.premise) if line.group is None else line.group


UnlabelledPair = tuple[str | int, Pair]
"""The id of a line, and a pair of its premise and one of its hypotheses."""


def read_unlabelled(text: str, path: Path) -> list[UnlabelledPair]:
    """Read the hypotheses of a JSONL text, in order; a DataError lists every bad line. ``path`` is for messages."""

    def parse(data: dict[str, Any], row: RowPlace) -> list[UnlabelledPair]:
        line = validate(_Line, _drop_nulls(data), (), row)
        return [(row.line if line.id is None else line.id, pair) for pair in line.list_pairs(row)]

    return [pair for pairs in parse_rows(json_lines(path, text), parse) for pair in pairs]

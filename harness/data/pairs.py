"""Read premises and hypotheses from JSONL files of their own, without a run.

``harness verify`` reads ``{"id", "premise", "hypothesis", "accepted": [], "contrasts": [], "date", "language"}``,
or with ``"hypotheses": [...]`` instead of ``"hypothesis"``. ``id`` defaults to the line's number, ``language`` to en;
``date`` is the article's. Other keys are ignored.

To measure a verifier against people's labels, write each line in one of these forms:

    {"premise", "hypothesis", "label", "group"?, "system"?, "kind"?, "accepted"?, "contrasts"?}
    {"premise", "hypotheses": [], "labels": [], "group"?, "system"?, "kind"?}
    {"premise", "supported", "contradicted", "group"?, "kind"?}

The last form gives two summaries of an article: a faithful summary, and the same summary with an injected error. Rows
with the same ``group`` (default: the premise) are not independent, e.g. because they share an article. Lines of
articles (``id``, ``text``) and of outputs (``article_id``, ``summary``) have no label and are only counted. Labels are
supported, contradicted, absent, unsupported (contradicted or absent, but not known which) and uncertain, or their
synonyms in ``WORDS``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from harness.data.articles.texts import Date, Name
from harness.data.lines import as_object, json_lines, merge_repeats
from harness.data.validation import Locator, collect_problems, data_error, key_error, validate
from harness.errors import DataError, Problem
from harness.files import lines, lines_of
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
"""Other names of labels, in lower case; JSON's true and false count too."""

_NO_WORD = re.compile(r"[\W_]+")
_LETTERS = 3
"""Minimum number of letters in a word that identifies a file."""


def _parse_label(value: object) -> object:
    word = str(value).lower() if isinstance(value, bool) else value
    label = WORDS.get(word.strip().lower()) if isinstance(word, str) else None
    if label is None:
        raise ValueError(f"write {', '.join(HUMAN_LABELS[:-1])} or {HUMAN_LABELS[-1]}")
    return label


WrittenLabel = Annotated[Literal[HumanLabel, "uncertain"], BeforeValidator(_parse_label)]


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    premise: str
    group: Name | None = None
    kind: str = ""


class _LabelledHypothesis(_Line):
    hypothesis: str
    label: WrittenLabel
    system: Name = ""
    accepted: list[str] = []
    contrasts: list[str] = []


class _LabelledHypotheses(_Line):
    hypotheses: list[str] = Field(min_length=1)
    labels: list[WrittenLabel]
    system: Name = ""


class _EditedSummary(_Line):
    supported: str
    contradicted: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """A hypothesis with people's label."""

    pair: Pair
    label: HumanLabel
    group: str
    system: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class UnsureRow:
    """A hypothesis that people were unsure of, or disagreed on."""

    pair: Pair
    group: str
    label: Literal["uncertain"] = "uncertain"


@dataclass(frozen=True, slots=True)
class EditedPair:
    """A faithful summary, and the same summary with an injected error."""

    article: str
    faithful: str
    edited: str
    group: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Corpus:
    """The labelled rows of one source."""

    name: str
    digest: str
    """SHA-256 of the file; empty for a data set."""
    judgements: tuple[Judgement, ...] = ()
    edits: tuple[EditedPair, ...] = ()
    unsure_rows: tuple[UnsureRow, ...] = ()
    """Rows labelled uncertain, which are left out."""
    unlabelled: int = 0
    """Number of lines of articles and outputs."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """Name → digest of the corpus's parts, if there are several."""
    facts_by_system: tuple[Judgement, ...] | None = None
    """A judgement for each fact and summary, to compare systems; None if ``judgements`` already has this form."""

    @property
    def unsure(self) -> int:
        """The number of rows left out."""
        return len(self.unsure_rows)

    @property
    def sources(self) -> Mapping[str, str]:
        """Name → digest of the data that a verifier fitted to this corpus has seen."""
        return self.parts or {self.name: self.digest}

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups, in order."""
        return tuple(dict.fromkeys([*(row.group for row in self.judgements), *(row.group for row in self.edits)]))

    def among(self, fitted: Mapping[str, str]) -> str | None:
        """Return the first file (name → SHA-256) that is this corpus or may share rows with it; None if no file is.

        Files match by checksum, by the first word of the file's name or, for an article's labels
        (``flood-in-lyd/labels.jsonl``), by all words of the article's id.
        """
        if self.parts:
            return next((name for name in fitted if name in self.parts), None)
        same = next((file for file, checksum in fitted.items() if checksum and checksum == self.digest), None)
        return same or next((file for file in fitted if _is_named_after(self.name, file)), None)

    def first(self, groups: int) -> Corpus:
        """Keep the rows of the first N groups."""
        kept = frozenset(self.groups[:groups])
        return replace(
            self,
            judgements=tuple(row for row in self.judgements if row.group in kept),
            edits=tuple(row for row in self.edits if row.group in kept),
            unsure_rows=tuple(row for row in self.unsure_rows if row.group in kept),
            facts_by_system=self.facts_by_system and tuple(row for row in self.facts_by_system if row.group in kept),
        )


def _is_named_after(name: str, file: str) -> bool:
    """True if a name has the words that identify a file."""
    article, slash, _ = file.rpartition("/")
    known = _split_words(article) if slash else _split_words(file)[:1]
    is_telling = any(sum(map(str.isalpha, word)) >= _LETTERS for word in known)
    return is_telling and set(known) <= set(_split_words(name))


def _split_words(name: str) -> list[str]:
    return [word for word in _NO_WORD.split(name.casefold()) if word]


def read_labelled(path: Path) -> Corpus:
    """Read the labelled rows of a JSONL file; DataError lists every bad line."""
    judged: list[Judgement | UnsureRow] = []
    edits: list[EditedPair] = []
    problems: list[Problem] = []
    rows = unlabelled = 0
    for rows, (source, decode) in enumerate(json_lines(lines(path), path), start=1):  # noqa: B007  # counts them
        with collect_problems(problems):
            line = _parse_line(as_object(decode(), source), source)
            if line is None:
                unlabelled += 1
            elif isinstance(line, _EditedSummary):
                edits.append(EditedPair(line.premise, line.supported, line.contradicted, _group(line), line.kind))
            else:
                judged += _iter_judgements(line, source)
    if problems:
        raise DataError.of(merge_repeats(problems))
    if not rows:
        raise data_error(path, "is empty; write one JSON object per line")
    kept = tuple(row for row in judged if isinstance(row, Judgement))
    unsure = tuple(row for row in judged if isinstance(row, UnsureRow))
    return Corpus(path.name, file_digest(path), kept, tuple(edits), unsure, unlabelled)


def _parse_line(
    data: dict[str, Any], source: Locator
) -> _LabelledHypothesis | _LabelledHypotheses | _EditedSummary | None:
    """Parse a line by its form; None for an article or an output."""
    if {"annotator", "premise_hash"} <= data.keys():
        message = "is from an article's labels.jsonl, which lacks the texts; name the run instead: results/NAME"
        raise key_error(source, (), message)
    if data.keys() & {"hypotheses", "labels"}:
        return validate(_LabelledHypotheses, data, (), source)
    if data.keys() & {"hypothesis", "label"}:
        return validate(_LabelledHypothesis, data, (), source)
    if data.keys() & {"supported", "contradicted"}:
        return validate(_EditedSummary, data, (), source)
    if {"id", "text"} <= data.keys() or {"article_id", "summary"} <= data.keys():
        return None
    message = (
        "has no label; write premise, hypothesis and label, or premise, hypotheses and labels, "
        "or premise, supported and contradicted (two summaries)"
    )
    raise key_error(source, (), message)


def _iter_judgements(
    line: _LabelledHypothesis | _LabelledHypotheses, source: Locator
) -> Iterator[Judgement | UnsureRow]:
    """Yield the judgements of a line, and its unsure rows."""
    if isinstance(line, _LabelledHypothesis):
        pairs = [Pair(line.premise, line.hypothesis, tuple(line.accepted), tuple(line.contrasts))]
        labels = [line.label]
    else:
        pairs, labels = [Pair(line.premise, hypothesis) for hypothesis in line.hypotheses], line.labels
    if len(pairs) != len(labels):
        message = f"must hold one label for each hypothesis; labels: {len(labels)}, hypotheses: {len(pairs)}"
        raise key_error(source, ("labels",), message)
    for pair, label in zip(pairs, labels, strict=True):
        group = _group(line)
        if label == "uncertain":
            yield UnsureRow(pair, group)
        else:
            yield Judgement(pair, label, group, line.system, line.kind)


def _group(line: _Line) -> str:
    return digest(line.premise) if line.group is None else line.group


class _UnlabelledLine(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    id: str | int | None = None
    premise: str
    hypothesis: str | None = None
    hypotheses: list[str] | None = None
    accepted: list[str] = []
    contrasts: list[str] = []
    date: Date | None = None
    language: str = "en"

    @field_validator("id", mode="before")
    @classmethod
    def _check_id(cls, value: object) -> object:
        if value is not None and (isinstance(value, bool) or not isinstance(value, str | int)):
            raise ValueError("write text or a whole number")
        return value


@dataclass(frozen=True, slots=True)
class UnlabelledPair:
    """One hypothesis of a line with its premise."""

    id: str | int
    pair: Pair


def read_unlabelled(text: str, path: Path) -> list[UnlabelledPair]:
    """Read the hypotheses of a JSONL text, in order; DataError lists every bad line. ``path`` is for messages."""
    hypotheses: list[UnlabelledPair] = []
    problems: list[Problem] = []
    for row, decode in json_lines(lines_of(text), path):
        with collect_problems(problems):
            line = validate(_UnlabelledLine, as_object(decode(), row), (), row)
            if (line.hypothesis is None) == (line.hypotheses is None):
                raise key_error(row, (), "needs either a hypothesis or a list of hypotheses")
            if line.hypotheses is not None and (line.accepted or line.contrasts):
                message = "accepted and contrasts belong to one hypothesis; give each hypothesis its own line"
                raise key_error(row, ("hypotheses",), message)
            wordings, name = (tuple(line.accepted), tuple(line.contrasts)), row.line if line.id is None else line.id
            for hypothesis in [line.hypothesis] if line.hypothesis is not None else line.hypotheses or []:
                pair = Pair(line.premise, hypothesis, *wordings, line.date, line.language)
                hypotheses.append(UnlabelledPair(name, pair))
    if problems:
        raise DataError.of(merge_repeats(problems))
    return hypotheses

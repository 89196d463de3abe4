"""People's labels of premises and hypotheses, from JSONL files: what a verifier is measured against.

A line is one of

    {"premise", "hypothesis", "label", "group"?, "system"?, "kind"?, "accepted"?, "contrasts"?}
    {"premise", "hypotheses": [], "labels": [], "group"?, "system"?, "kind"?}
    {"premise", "supported", "contradicted", "group"?, "kind"?}

the last being two summaries of an article: a faithful one, and the same with an injected error.
``group`` names rows that are not independent, e.g. by their article (default: the premise). Lines of articles (``id``,
``text``) and of outputs (``article_id``, ``summary``) have no label, and are counted. Labels are supported,
contradicted, absent, unsupported (contradicted or absent: unknown which) and uncertain, or the words of ``WORDS``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from harness.data.articles.texts import Name
from harness.data.lines import as_object, json_lines, merge_repeats
from harness.data.validation import Locator, collect_problems, data_error, key_error, validate
from harness.errors import DataError, Problem
from harness.files import lines
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
"""Letters that a word needs to identify a file."""


def _label(value: object) -> object:
    word = str(value).lower() if isinstance(value, bool) else value
    label = WORDS.get(word.strip().lower()) if isinstance(word, str) else None
    if label is None:
        raise ValueError(f"write {', '.join(HUMAN_LABELS[:-1])} or {HUMAN_LABELS[-1]}")
    return label


WrittenLabel = Annotated[Literal[HumanLabel, "uncertain"], BeforeValidator(_label)]


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
    """Rows that are left out."""
    unlabelled: int = 0
    """Lines of articles and outputs."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """Name → digest of its parts, if it has several."""
    facts_by_system: tuple[Judgement, ...] | None = None
    """A judgement for each fact and summary, to compare systems; None if ``judgements`` already are that."""

    @property
    def unsure(self) -> int:
        """The number of rows left out."""
        return len(self.unsure_rows)

    @property
    def sources(self) -> Mapping[str, str]:
        """Name → digest of what a verifier fitted to this corpus has learned from."""
        return self.parts or {self.name: self.digest}

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups, in order."""
        return tuple(dict.fromkeys([*(row.group for row in self.judgements), *(row.group for row in self.edits)]))

    def among(self, fitted: Mapping[str, str]) -> str | None:
        """Which of the files (name → SHA-256) this corpus is, or may share rows with.

        Matches by checksum, by the first word of the file's name, or, for an article's labels
        (``flood-in-lyd/labels.jsonl``), by all words of the article's id.
        """
        if self.parts:
            return next((name for name in fitted if name in self.parts), None)
        same = next((file for file, checksum in fitted.items() if checksum and checksum == self.digest), None)
        return same or next((file for file in fitted if _is_named_after(self.name, file)), None)

    def first(self, groups: int) -> Corpus:
        """The rows of the first N groups."""
        kept = frozenset(self.groups[:groups])
        return replace(
            self,
            judgements=tuple(row for row in self.judgements if row.group in kept),
            edits=tuple(row for row in self.edits if row.group in kept),
            unsure_rows=tuple(row for row in self.unsure_rows if row.group in kept),
            facts_by_system=self.facts_by_system and tuple(row for row in self.facts_by_system if row.group in kept),
        )


def _is_named_after(name: str, file: str) -> bool:
    """Whether a name has the words that identify a file."""
    article, slash, _ = file.rpartition("/")
    known = _words(article) if slash else _words(file)[:1]
    is_telling = any(sum(map(str.isalpha, word)) >= _LETTERS for word in known)
    return is_telling and set(known) <= set(_words(name))


def _words(name: str) -> list[str]:
    return [word for word in _NO_WORD.split(name.casefold()) if word]


def read(path: Path) -> Corpus:
    """The labelled rows of a JSONL file; DataError with every bad line."""
    rows = list(json_lines(lines(path), path))
    if not rows:
        raise data_error(path, "holds no line; write one JSON object per line")
    return replace(build_corpus_of_rows(path.name, rows), digest=file_digest(path))


def build_corpus_of_rows(name: str, rows: Iterable[tuple[Locator, Callable[[], object]]]) -> Corpus:
    """The labelled rows of a source, given each row's place and a function that reads it."""
    judged: list[Judgement | UnsureRow] = []
    edits: list[EditedPair] = []
    problems: list[Problem] = []
    unlabelled = 0
    for source, read_row in rows:
        with collect_problems(problems):
            line = _line(read_row(), source)
            if line is None:
                unlabelled += 1
            elif isinstance(line, _EditedSummary):
                edits.append(EditedPair(line.premise, line.supported, line.contradicted, _group(line), line.kind))
            else:
                judged += _judgements(line, source)
    if problems:
        raise DataError.of(merge_repeats(problems))
    kept = tuple(row for row in judged if isinstance(row, Judgement))
    unsure = tuple(row for row in judged if isinstance(row, UnsureRow))
    return Corpus(name, "", kept, tuple(edits), unsure, unlabelled)


def _line(data: object, source: Locator) -> _LabelledHypothesis | _LabelledHypotheses | _EditedSummary | None:
    """The line in its shape; None for an article or an output."""
    data = as_object(data, source)
    shape = _shape(data)
    if shape is None and ({"id", "text"} <= data.keys() or {"article_id", "summary"} <= data.keys()):
        return None
    if {"annotator", "premise_hash"} <= data.keys():
        message = "is from an article's labels.jsonl, which lacks the texts; name the run instead: results/NAME"
        raise key_error(source, (), message)
    if shape is None:
        message = (
            "has no label; write premise, hypothesis and label, or premise, hypotheses and labels, "
            "or premise, supported and contradicted (two summaries)"
        )
        raise key_error(source, (), message)
    return validate(shape, data, (), source)


def _shape(data: Mapping[str, Any]) -> type[_LabelledHypothesis | _LabelledHypotheses | _EditedSummary] | None:
    if "hypotheses" in data or "labels" in data:
        return _LabelledHypotheses
    if "hypothesis" in data or "label" in data:
        return _LabelledHypothesis
    return _EditedSummary if "supported" in data or "contradicted" in data else None


def _judgements(line: _LabelledHypothesis | _LabelledHypotheses, source: Locator) -> Iterator[Judgement | UnsureRow]:
    """The judgements of a line, and its unsure rows."""
    if isinstance(line, _LabelledHypothesis):
        pairs = [Pair(line.premise, line.hypothesis, tuple(line.accepted), tuple(line.contrasts))]
        labels = [line.label]
    else:
        pairs, labels = [Pair(line.premise, hypothesis) for hypothesis in line.hypotheses], line.labels
    if len(pairs) != len(labels):
        message = f"has {len(labels)} for {len(pairs)} hypotheses; write one for each"
        raise key_error(source, ("labels",), message)
    for pair, label in zip(pairs, labels, strict=True):
        group = _group(line)
        if label == "uncertain":
            yield UnsureRow(pair, group)
        else:
            yield Judgement(pair, label, group, line.system, line.kind)


def _group(line: _Line) -> str:
    return digest(line.premise) if line.group is None else line.group

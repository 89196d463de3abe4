"""The form of a fact, as a draft to check and as an entry to write, and the article beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from harness.data.articles import Folder
from harness.data.facts import FactEntry, evidence
from harness.data.facts import checks as fact_checks
from harness.data.facts import edit as facts_edit
from harness.data.facts.checks import FactDraft, Remark
from harness.data.facts.edit import FactChangedError
from harness.data.facts.ids import fact_id
from harness.data.validation import validate
from harness.data.yaml import Key, format_key
from harness.errors import DataError, Problem
from harness.records import Article, Fact, Span
from harness.view.page import count


@dataclass(frozen=True, slots=True)
class Form:
    """The fields as they are typed; ``accepted`` and ``contradictions`` hold one wording a line."""

    id: str = ""
    statement: str = ""
    importance: str = "supporting"
    kind: str = "event"
    evidence: str = ""
    accepted: str = ""
    contradictions: str = ""

    @classmethod
    def typed(cls, field: Callable[[str], str]) -> Form:
        """What a browser sent; where a field is missing, what it is to begin with."""
        given = {name: field(name).replace("\r\n", "\n") for name in cls.__dataclass_fields__}
        return cls(**{name: value for name, value in given.items() if value})

    @classmethod
    def of(cls, fact: FactEntry) -> Form:
        """A fact as it stands in the file."""
        return cls(
            id=fact.id,
            statement=_line(fact.statement),
            importance=fact.importance,
            kind=fact.kind,
            evidence=fact.evidence or "",
            accepted="\n".join(map(_line, fact.accepted)),
            contradictions="\n".join(map(_line, fact.contradictions)),
        )

    @property
    def draft(self) -> FactDraft:
        return FactDraft(
            id=self.id.strip(),
            statement=self.statement,
            importance=self.importance,
            evidence=self.evidence.strip(),
            accepted=_wordings(self.accepted),
            contradictions=_wordings(self.contradictions),
        )

    def entry(self, taken: Mapping[str, object]) -> FactEntry:
        """What is written into the file, named by its statement where it has no name; DataError where it is no fact."""
        draft = self.draft
        data = {
            "id": draft.id or fact_id(draft.statement, taken),
            "statement": _line(draft.statement),
            "importance": self.importance,
            "kind": self.kind,
            "evidence": draft.evidence or None,
            "accepted": list(draft.accepted),
            "contradictions": list(draft.contradictions),
        }
        return validate(FactEntry, data, (), _Typed())

    def with_contradiction(self, version: str) -> Form:
        """The form with one false version more."""
        return replace(self, contradictions="\n".join([*_wordings(self.contradictions), version]))

    def differing(self, other: Form) -> list[str]:
        """The fields in which two forms differ."""
        mine, theirs = asdict(self), asdict(other)
        return [name for name in mine if mine[name].strip() != theirs[name].strip()]


class _Typed:
    """The form as the source of data, for the places of its problems."""

    def problem(self, key: Key, message: str) -> Problem:
        return Problem("", None, format_key(key), message)


def _wordings(lines: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in lines.split("\n") if line.strip())


def _line(text: str) -> str:
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class FactEditor:
    """What somebody has before them: the article as it is now, and the form as it is typed."""

    folder: Folder
    form: Form
    fact: str = ""
    """Id of the fact that is being edited; empty for a new one."""
    version: str = ""
    """In which it was opened."""

    @property
    def article(self) -> Article:
        """The article; DataError where it cannot be read."""
        if self.folder.article is None:
            raise DataError.of(self.folder.problems)
        return self.folder.article

    @property
    def others(self) -> list[Fact]:
        """The facts of the article but for this one."""
        return [fact for fact in self.folder.facts.facts if fact.id != self.fact]

    @property
    def name(self) -> str:
        """What the fact is called where no other name is typed."""
        return fact_id(self.form.statement, [fact.id for fact in self.others]) if self.form.statement.strip() else ""

    @property
    def chosen(self) -> Span | None:
        """The passage that is the evidence now."""
        return evidence.locate(self.form.draft.evidence, self.article.text)

    def remarks(self) -> list[Remark]:
        """What is to be said of the form as it is."""
        return fact_checks.check(self.form.draft, self.article, self.others)

    def passage(self, place: str) -> str:
        """The passage of the article at ``start-end``; empty where that is no place in it."""
        start, _, end = place.partition("-")
        return self.article.text[count(start) : count(end)]


def as_written(passage: str, text: str) -> str:
    r"""A passage that was marked on a page, as the text has it: pages write control characters out (``\u2067``)."""
    raw = re.sub(r"\\u(20[0-9a-f]{2})", lambda match: chr(int(match[1], 16)), passage)
    return raw if passage not in text and raw in text else passage


@dataclass(frozen=True, slots=True)
class Conflict:
    """The fact was changed or removed by somebody else since it was opened."""

    message: str
    now: Form | None
    """The fact that is in the file now; None where it is gone."""
    fields: Sequence[str] = ()
    """Those in which the form differs from it."""
    version: str = ""
    """In which it is now: a form that is saved with it takes its place."""

    @classmethod
    def of(cls, editor: FactEditor, error: FactChangedError) -> Conflict:
        """What the file has now, beside the form."""
        try:
            entry, version = facts_edit.opened(editor.folder.facts_path, editor.fact)
        except DataError:
            return cls(str(error), None)
        now = Form.of(entry)
        return cls(str(error), now, editor.form.differing(now), version)

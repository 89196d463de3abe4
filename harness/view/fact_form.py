"""The form of a fact: what somebody typed, as a draft to check and as an entry to write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace

from harness.data.checked import validated
from harness.data.facts import FactEntry
from harness.data.facts.checks import Draft
from harness.data.facts.ids import fact_id
from harness.data.yaml.file import Key, dotted
from harness.errors import Problem


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
    def draft(self) -> Draft:
        return Draft(
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
        return validated(FactEntry, data, (), _Typed())

    def with_evidence(self, passage: str) -> Form:
        """The form with another passage of the article as evidence."""
        return replace(self, evidence=passage)

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
        return Problem("", None, dotted(key), message)


def _wordings(lines: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in lines.split("\n") if line.strip())


def _line(text: str) -> str:
    return " ".join(text.split())

"""Read ``facts.yaml``: the checkable facts of an article, each with the passage that states it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, WithJsonSchema

from harness.data.facts.wording import find_nearest_passage, find_passage
from harness.data.validation import STRICT, Locator, collect_problems, key_error, validate
from harness.data.yaml import Document, describe, has_data, parse_yaml
from harness.errors import DataError, Problem
from harness.files import read_text, show
from harness.records import Article, Fact, FactKind, Importance


def _strip(value: str) -> str:
    if not value.strip():
        raise ValueError("write text, or remove it")
    return value.strip()


def check_fact_id(value: str) -> str:
    """Return the value if it can be an id; raise ValueError otherwise."""
    if not value or "/" in value or any(character.isspace() for character in value):
        raise ValueError("write a name without spaces or slashes, e.g. minerals-deal-unsigned")
    return value


Text = Annotated[str, AfterValidator(_strip), WithJsonSchema({"type": "string", "pattern": r"\S"})]
Identifier = Annotated[str, AfterValidator(check_fact_id), WithJsonSchema({"type": "string", "pattern": r"^[^\s/]+$"})]


class FactEntry(BaseModel):
    """One checkable statement that the article makes."""

    model_config = STRICT

    id: Identifier
    """Short name, unique in the file: minerals-deal-unsigned."""
    statement: Text
    """One sentence that can be understood on its own: names, no pronouns."""
    importance: Importance = "supporting"
    """essential: a short summary without it misleads; supporting: part of a full summary; detail: may be left out."""
    kind: FactKind = "event"
    """The kind of detail that the fact is about."""
    evidence: Text | None = None
    """The passage of the article that states the fact, verbatim; only spaces and line breaks may differ."""
    accepted: list[Text] = []
    """Other wordings that say the same, no more and no less."""
    contradictions: list[Text] = []
    """Plausible false versions, which the article rules out."""
    unreviewed: bool = False
    """true if the fact was suggested and nobody has reviewed it. Remove the key after your review."""

    @classmethod
    def of(cls, fact: Fact) -> FactEntry:
        return cls.model_construct(
            id=fact.id, statement=fact.statement, importance=fact.importance, kind=fact.kind,
            evidence=fact.evidence.text if fact.evidence else None, accepted=list(fact.accepted),
            contradictions=list(fact.contradictions), unreviewed=fact.unreviewed,
        )  # fmt: skip  # one call

    def dump(self) -> dict[str, object]:
        """Return the keys that have a value, in the order of the file."""
        return {key: value for key, value in self.model_dump().items() if value not in (None, [], False)}


class FactsFile(BaseModel):
    """The checkable facts of one article."""

    model_config = STRICT

    facts: list[FactEntry]
    """The facts, in the article's order."""


@dataclass(frozen=True, slots=True)
class FactsContent:
    """The facts and the problems of a facts.yaml."""

    file: str
    """Path as the user would type it."""
    facts: tuple[Fact, ...] = ()
    """The valid facts; ``evidence`` is None if the article does not have the passage."""
    lines: Mapping[str, int] = field(default_factory=dict)
    """Fact id → the 1-based line on which its entry starts."""
    places: Mapping[str, int] = field(default_factory=dict)
    """Fact id → its place in the list, from 0."""
    problems: tuple[Problem, ...] = ()

    def require(self) -> tuple[Fact, ...]:
        """Return the facts; raise DataError with every problem if there is any."""
        if self.problems:
            raise DataError.of(self.problems)
        return self.facts


def read(path: Path, article: Article | None) -> FactsContent:
    """Read the valid facts of a file, and the file's problems; raise DataError if the file has no list of facts.

    Evidence is located in ``article``; without an article, facts have no evidence.
    """
    text = read_text(path)
    if not has_data(text):
        return FactsContent(show(path))
    document = parse_yaml(text, path)
    problems: list[Problem] = []
    with collect_problems(problems):
        validate(FactsFile, {**document.data, "facts": []}, (), document)
    if problems and "facts" not in document.data:  # the key is misspelt, not missing
        raise DataError.of(problems)
    facts, places, faults = parse_entries(list_entries(document), article, document)
    problems += sorted(faults, key=lambda fault: fault.line or 0)
    lines = {fact_id: document.lines["facts", index] for fact_id, index in places.items()}
    return FactsContent(show(path), facts, lines, places, tuple(problems))


def list_entries(document: Document) -> list[Any]:
    """Return the list under ``facts``, unchecked; raise DataError if that key is missing or not a list."""
    written = document.data.get("facts")
    if isinstance(written, list):
        return written
    keys = ", ".join(document.data)
    fault = f"is {describe(written)}" if "facts" in document.data else f"is missing; keys found: {keys}"
    raise key_error(document, ("facts",), f"{fault}; write a list, and start each fact with '- id: NAME'")


def parse_entries(
    written: list[Any], article: Article | None, source: Locator
) -> tuple[tuple[Fact, ...], dict[str, int], list[Problem]]:
    """Return the valid facts of a list, fact id → place in the list, and the problems of the other facts."""
    facts: list[Fact] = []
    places: dict[str, int] = {}
    problems: list[Problem] = []
    for index, raw in enumerate(written):
        with collect_problems(problems):
            entry = validate(FactEntry, raw, ("facts", index), source)
            if entry.id in places:
                first = source.problem(("facts", places[entry.id]), "")
                where = f" (line {first.line})" if first.line else ""
                message = f"{entry.id!r} is already the id of {first.key}{where}; give each fact its own id"
                raise key_error(source, ("facts", index, "id"), message)
            places[entry.id] = index
            facts.append(make_fact(entry, article))
            if entry.evidence and article is not None and facts[-1].evidence is None:
                raise key_error(source, ("facts", index, "evidence"), explain_missing_passage(entry.evidence, article))
    return tuple(facts), places, problems


def make_fact(entry: FactEntry, article: Article | None) -> Fact:
    """Make a fact from an entry; ``evidence`` is None if the article does not have it."""
    found = find_passage(entry.evidence, article.text) if entry.evidence and article else None
    return Fact(
        entry.id, entry.statement, entry.importance, entry.kind, found, tuple(entry.accepted),
        tuple(entry.contradictions), entry.unreviewed,
    )  # fmt: skip  # one call


def explain_missing_passage(passage: str, article: Article) -> str:
    near = find_nearest_passage(passage, article.text)
    hint = f" (the nearest passage is {' '.join(near.text.split())!r})" if near else ""
    return f"{passage!r} is not in the article; copy the passage word for word{hint}"

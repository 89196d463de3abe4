"""Statements that the article or its references make and no fact does yet, those with most that is new first.

Candidates are the article's sentences in which no fact has its evidence, and those of the references that the article
is found to support. What a fact says already, or nearly, is left out. A person decides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from harness.data.facts.wording import LIGHT, canonical, similar
from harness.records import Fact, FactKind, Importance, Item, Pair, Span
from harness.seams import AskVerifier
from harness.suggest.values import Value, is_headline, kind_of, name_words, values
from harness.text import paragraphs, sentences, words

_READ = 60
"""Sentences of the article, and of the references, that are looked at: those with most that no fact has."""
_UNCLEAR = frozenset(words("he she they him them it this these those we you i that which who his her its their"))
_OWNERS = frozenset(words("his her its their that which who"))
"""Pronouns of these that refer to something before them, where there is something."""
_LONG = 35
"""Words from which a statement is likely to make several predications."""
_STEM = 5
"""Letters that two forms of a word have in common."""
_NEW = 3
"""Words that no fact has and that make a statement new where nothing else in it is."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A statement that could be a fact, with all that the fact needs but its wordings."""

    statement: str
    kind: FactKind
    importance: Importance
    evidence: Span
    """Where the article says it."""
    reason: str
    """Why it is suggested."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    statement: str
    evidence: Span
    fresh: tuple[Value, ...]
    """The values that no fact has."""
    paragraph: int
    """Number of the paragraph that holds its evidence, counted from 1."""
    uncovered: bool
    """Whether no fact has its evidence in that paragraph."""
    references: int = 0
    """How many references say it."""

    @property
    def rank(self) -> tuple[bool, bool, int, bool, int, int]:
        """Clear statements first; then new values, support by references, paragraphs without a fact, early places."""
        first, *others = words(self.statement)
        unclear = first in _UNCLEAR or bool((_UNCLEAR - _OWNERS).intersection(others)) or len(others) >= _LONG
        return unclear, not self.fresh, -self.references, not self.uncovered, -len(self.fresh), self.evidence.start


def suggested_facts(item: Item, verify: AskVerifier, limit: int = 10) -> list[Suggestion]:
    """At most so many statements that may be facts of an article, those with most that is new first.

    ``verify`` answers pairs whose premise is the article, a reference or the facts; one that counts words will do.
    ``StoreError`` where the packaged parser cannot be had.
    """
    covered = _Coverage(item)
    candidates = [*_of_references(item, covered, verify), *_of_article(item, covered)]
    fresh = _not_stated(list({canonical(each.statement): each for each in candidates}.values()), item, verify)
    counted = [
        replace(each, references=count) for each, count in zip(fresh, _support(fresh, item, verify), strict=True)
    ]
    taken: list[_Candidate] = []
    for each in sorted(counted, key=lambda each: each.rank):
        if len(taken) < limit and not _repeats(each, taken):
            taken.append(each)
    return [_suggestion(each, len(item.references)) for each in taken]


class _Coverage:
    """The words, values and passages that the facts of an article cover."""

    def __init__(self, item: Item) -> None:
        self._article = item.article
        self._names = name_words(item.article.text, item.article.language)
        wordings = [wording for fact in item.facts for wording in (fact.statement, *fact.accepted)]
        self._stems = {word[:_STEM] for wording in wordings for word in words(wording)}
        self._evidence = [fact.evidence for fact in item.facts if fact.evidence]

    @cached_property
    def paragraphs(self) -> list[tuple[Span, bool]]:
        """Each paragraph, and whether no fact has its evidence there."""
        return [(paragraph, not self.covers(paragraph)) for paragraph in paragraphs(self._article.text)]

    def covers(self, place: Span) -> bool:
        """Whether a fact has its evidence in a stretch of the article."""
        return any(map(place.overlaps, self._evidence))

    def new_words(self, text: str) -> set[str]:
        """The words of weight that no fact has in any form."""
        return {word for word in words(text) if word not in LIGHT and word[:_STEM] not in self._stems}

    def fresh(self, text: str) -> tuple[Value, ...]:
        """The numbers, names and quotations of which no fact has a word."""
        return tuple(dict.fromkeys(each for each in values(text, self._names) if self.new_words(each.text)))

    def candidate(self, statement: str, evidence: Span) -> _Candidate | None:
        """A statement of the article; None where nothing in it is new."""
        fresh = self.fresh(statement)
        if (
            not any(map(str.isalpha, statement))
            or is_headline(statement)
            or (not fresh and len(self.new_words(statement)) < _NEW)
        ):
            return None
        before = [each for each in self.paragraphs if each[0].start <= evidence.start]
        return _Candidate(statement, evidence, fresh, len(before), bool(before) and before[-1][1])


def _of_article(item: Item, covered: _Coverage) -> Iterator[_Candidate]:
    """The sentences in which no fact has its evidence, those with most that no fact has."""
    article = item.article
    spans = sentences(article.text, article.language)
    places = [place for place, span in enumerate(spans) if not covered.covers(span) and not is_headline(span.text)]
    places.sort(key=lambda place: -len(covered.fresh(spans[place].text)))
    candidates = (covered.candidate(spans[place].text, spans[place]) for place in places[:_READ])
    yield from (candidate for candidate in candidates if candidate)


def _of_references(item: Item, covered: _Coverage, verify: AskVerifier) -> Iterator[_Candidate]:
    """The sentences of the references that a passage of the article, within one paragraph, supports."""
    article = item.article
    written = (sentences(reference.text, article.language) for reference in item.references)
    statements = list(dict.fromkeys(sentence.text for each in written for sentence in each))
    statements.sort(key=lambda statement: -len(covered.fresh(statement)))
    checked = statements[:_READ]
    verdicts = verify([Pair.of_claim(article, each) for each in checked])
    for statement, verdict in zip(checked, verdicts, strict=True):
        if verdict.label == "supported" and verdict.evidence and "\n" not in verdict.evidence.text:
            candidate = covered.candidate(statement, verdict.evidence)
            yield from [candidate] if candidate else []


def _not_stated(candidates: Sequence[_Candidate], item: Item, verify: AskVerifier) -> list[_Candidate]:
    """Those that no fact says, or nearly: by their wording, and by what the facts together support."""
    facts = item.facts
    if not facts:
        return list(candidates)
    wordings = "\n".join(wording for fact in facts for wording in (fact.statement, *fact.accepted))
    verdicts = verify(
        [Pair(wordings, each.statement, date=item.article.date, language=item.article.language) for each in candidates]
    )
    return [
        each
        for each, verdict in zip(candidates, verdicts, strict=True)
        if verdict.label != "supported" and not similar(each.statement, facts)
    ]


def _support(candidates: Sequence[_Candidate], item: Item, verify: AskVerifier) -> list[int]:
    """How many of the article's references support each candidate."""
    date, language = item.article.date, item.article.language
    pairs = [
        Pair(reference.text, each.statement, date=date, language=language)
        for each in candidates
        for reference in item.references
    ]
    labels = [verdict.label for verdict in verify(pairs)]
    width = len(item.references)
    return [labels[place * width : (place + 1) * width].count("supported") for place in range(len(candidates))]


def _repeats(one: _Candidate, others: Collection[_Candidate]) -> bool:
    """Whether it says nearly what another says, or nothing that the others from its passage do not say."""
    if similar(one.statement, [Fact("", other.statement) for other in others]):
        return True
    near = [other for other in others if one.evidence.overlaps(other.evidence)]
    stems = {word[:_STEM] for other in near for word in words(other.statement)}

    def new(text: str) -> list[str]:
        return [word for word in words(text) if word not in LIGHT and word[:_STEM] not in stems]

    if not near or any(new(each.text) for each in one.fresh):
        return False
    return bool(one.fresh) or len(new(one.statement)) < _NEW


def _suggestion(one: _Candidate, references: int) -> Suggestion:
    reasons = [f"no fact stands in paragraph {one.paragraph}"] if one.uncovered else []
    if one.fresh:
        reasons.insert(0, f"no fact mentions {', '.join(map(_shown, one.fresh[:3]))}")
    reasons = reasons or ["no fact has this yet"]
    if one.references:
        said = f"{one.references} of {references} references say it" if references > 1 else "the reference says it"
        reasons.append(said)
    important: Importance = "essential" if one.references * 2 > references else "supporting"
    if references and not one.references:
        important = "detail"
    return Suggestion(one.statement, kind_of(one.statement), important, one.evidence, "; ".join(reasons))


def _shown(value: Value) -> str:
    return f'"{value.text}"' if value.sort == "quote" else value.text

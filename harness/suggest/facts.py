"""Suggest facts, and false versions of a fact; a person reviews them.

Ranks the statements of the article and its references that no fact states yet: by how many references state them, by
their place in the article and by how central they are (as in LexRank: Erkan & Radev 2004); a number or a name adds a
little. Statements with unresolved pronouns come last. No model is needed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from harness.data.facts import FactEntry
from harness.data.facts import edit as facts_edit
from harness.data.facts.checks import true_versions
from harness.data.facts.wording import LIGHT, canonical, fact_id, similar
from harness.records import Article, Fact, FactKind, Importance, Item, Pair, Span
from harness.seams import AskVerifier
from harness.suggest.edits import Edit, false_versions
from harness.suggest.statements import (
    Statement,
    has_value,
    is_skipped,
    is_unclear,
    kind_of,
    list_statements,
    split_sentence,
)
from harness.text import base_language, sentences, words

if TYPE_CHECKING:
    import numpy as np

_READ = 60  # maximum statements to consider, of the article and of its references each
_STEM = 5  # letters that the forms of a word have in common
_REPEATED = 0.75  # minimum share of a statement's words that another has too for the first to count as a repetition
_LONG = 45  # a statement of more words probably makes several assertions
_SHORT = 3  # a statement of fewer content words, and without a value, says little
_LEAD = 4  # number of sentences after which the weight of the position is halved
_CENTRALITY = 3.0  # weight of the centrality relative to the position
_VALUE = 0.2  # bonus for a number or a name, which a summary most easily gets wrong
_FEW = 20  # in an article of fewer sentences, common words say little about what is central
_CONTEXT = 20_000
"""Characters around the evidence to draw names and numbers from; a longer text takes seconds to parse."""
_SPARE = 3  # extra versions to make, because some turn out to be true or known


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A statement that could be a fact."""

    statement: str
    kind: FactKind
    importance: Importance
    evidence: Span
    """The sentence of the article that states it."""
    reason: str
    """Why the statement is suggested."""
    contradictions: tuple[str, ...] = ()
    """False versions of the statement."""


class _Candidate(NamedTuple):
    statement: Statement
    references: int
    """Number of references that state it."""
    score: float


def suggest_facts(item: Item, verify: AskVerifier, limit: int = 10) -> list[Suggestion]:
    """Suggest at most ``limit`` statements that could be facts of an article, the most important first.

    ``verify`` may be a simple verifier that counts words; its premises are the article, a reference or the facts.
    StoreError if the parser is unavailable.
    """
    statements = [*_read_references(item, verify), *list_statements(item.article)[:_READ]]
    new = _drop_stated(statements, item, verify)
    ranked = sorted(_score(new, item, verify), key=lambda each: -each.score)
    chosen: list[_Candidate] = []
    for each in ranked:
        if len(chosen) < limit and not any(_repeats(each.statement.text, other.statement.text) for other in chosen):
            chosen.append(each)
    references, suggestions, third = len(item.references), [], len(chosen) / 3
    for rank, each in enumerate(chosen):
        important: Importance = "essential" if rank < third else "supporting" if rank < 2 * third else "detail"
        reason = f"from sentence {each.statement.position + 1}"
        if each.references:
            important = "essential" if each.references * 2 > references else "supporting"
            said = (
                f"{each.references} of {references} references state it"
                if references > 1
                else "the reference states it"
            )
            reason = f"{reason}; {said}"
        elif references:
            important = "detail"
        text = each.statement.text
        suggestions.append(Suggestion(text, kind_of(text), important, each.statement.evidence, reason))
    return suggestions


def _read_references(item: Item, verify: AskVerifier) -> list[Statement]:
    """Return the references' statements that a passage of the article, within one paragraph, supports."""
    article, made = item.article, []
    for reference in item.references:
        for span in sentences(reference.text, article.language):
            if not is_skipped(span.text):
                made += split_sentence(span.text) if base_language(article.language) == "en" else [span.text]
    texts = list(dict.fromkeys(made))[:_READ]
    places = [span.start for span in sentences(article.text, article.language)]
    statements = []
    for text, verdict in zip(texts, verify([Pair.of_claim(article, text) for text in texts]), strict=True):
        if verdict.label == "supported" and verdict.evidence and "\n" not in verdict.evidence.text:
            position = sum(place <= verdict.evidence.start for place in places) - 1
            statements.append(Statement(text, verdict.evidence, position))
    return statements


def _drop_stated(statements: Sequence[Statement], item: Item, verify: AskVerifier) -> list[Statement]:
    """Return the statements that no fact covers, judged by wording, by words, and by what the facts together
    support."""
    facts, article = item.facts, item.article
    if not facts:
        return list(statements)
    stated = _stems("\n".join(wording for fact in facts for wording in (fact.statement, *fact.accepted)))
    new = [each for each in statements if _stems(each.text) - stated and not similar(each.text, facts)]
    premise = "\n".join(wording for fact in facts for wording in (fact.statement, *fact.accepted))
    evidence = [fact.evidence for fact in facts if fact.evidence]
    pairs = [Pair(premise, each.text, date=article.date, language=article.language) for each in new]
    kept = []
    for each, verdict in zip(new, verify(pairs), strict=True):
        fresh = len(_stems(each.text) - stated)
        covered = any(map(each.evidence.overlaps, evidence)) and fresh < max(3, len(_stems(each.text)) / 2)
        if verdict.label != "supported" and not covered:
            kept.append(each)
    return kept


def _score(statements: Sequence[Statement], item: Item, verify: AskVerifier) -> list[_Candidate]:
    article, width = item.article, len(item.references)
    pairs = [
        Pair(reference.text, each.text, date=article.date, language=article.language)
        for each in statements
        for reference in item.references
    ]
    labels = [verdict.label for verdict in verify(pairs)]
    spans = sentences(article.text, article.language)
    spread = Counter(stem for span in spans for stem in _stems(span.text))
    candidates = []
    for number, each in enumerate(statements):
        references = labels[number * width : (number + 1) * width].count("supported")
        stems = _stems(each.text)
        elsewhere = sum(max(0, spread[stem] - 1) for stem in stems)
        centrality = elsewhere / max(1, len(stems)) / max(_FEW, len(spans))
        score = _LEAD / (_LEAD + each.position) + _CENTRALITY * centrality + (references / width if width else 0.0)
        score += _VALUE * has_value(each.text)
        short = len(stems) < _SHORT and not has_value(each.text)
        unfit = short or is_unclear(each.text) or len(each.text.split()) > _LONG
        candidates.append(_Candidate(each, references, score - 10 * unfit))
    return candidates


def _repeats(one: str, other: str) -> bool:
    """True if one statement nearly repeats the other, or adds nothing to it."""
    stems = _stems(one)
    common = len(stems & _stems(other))
    return not stems or common >= _REPEATED * len(stems) or bool(similar(one, [Fact("", other)]))


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in words(text) if word not in LIGHT}


# False versions -------------------------------------------------------------------------------------------------------


def suggest_versions(
    fact: Fact, article: Article, facts: Sequence[Fact], rng: np.random.Generator, limit: int = 6
) -> list[Edit]:
    """Suggest at most ``limit`` new false versions of a fact's statement, the most confusable first; English only.

    ``facts`` are all facts of the article; a version that one of them states is true, and is left out. StoreError if
    the parser is unavailable.
    """
    if base_language(article.language) != "en" or not fact.statement.strip():
        return []
    wordings = {canonical(wording) for wording in (fact.statement, *fact.accepted, *fact.contradictions)}
    start = max(0, (fact.evidence.start if fact.evidence else 0) - _CONTEXT // 2)
    count = limit + len(fact.contradictions) + _SPARE
    versions = false_versions(fact.statement, rng, article.text[start : start + _CONTEXT], count)
    new = [edit for edit in versions if canonical(edit.text) not in wordings]
    return [edit for edit in new if not any(true_versions([edit.text], article, facts))][:limit]


# Writing suggestions --------------------------------------------------------------------------------------------------


def write_facts(item: Item, suggestions: Iterable[Suggestion]) -> int:
    """Add suggestions to the facts.yaml of an article's folder, marked unreviewed; return their number."""
    taken = {fact.id for fact in item.facts}
    new = []
    for each in suggestions:
        name = fact_id(each.statement, taken)
        taken.add(name)
        new.append(
            FactEntry(
                id=name,
                statement=" ".join(each.statement.split()),
                importance=each.importance,
                kind=each.kind,
                evidence=each.evidence.text,
                contradictions=list(each.contradictions),
                unreviewed=True,
            )
        )
    if new:
        facts_edit.add(Path(item.article.path).with_name("facts.yaml"), new, item.article)
    return len(new)

"""Suggest facts, and false versions of a fact, without a model; a person reviews them.

Suggested facts are statements of the article and its references that no fact states yet. Statements with an unresolved
pronoun come last. The others are sorted by how many references state them, then by their place in the article.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from harness.claims import blank_markdown
from harness.data.facts import FactEntry
from harness.data.facts import edit as facts_edit
from harness.data.facts.wording import LIGHT, find_similar, make_fact_id
from harness.data.lint import find_true_versions
from harness.records import Article, Fact, FactKind, Importance, Item, Pair, Span
from harness.seams import AskVerifier
from harness.suggest.edits import Edit, make_false_versions
from harness.suggest.statements import Statement, guess_kind, is_skipped, is_unclear, list_statements, split_sentence
from harness.text import base_language, canonical, is_dialogue, sentences, words

if TYPE_CHECKING:
    import numpy as np

_MAX_STATEMENTS = 60  # to read from the article, and as many from its references
_STEM_LENGTH = 5  # words with the same first letters count as forms of one word
_MIN_SHARED_WORDS = 0.75  # a statement repeats another if the shorter one shares at least this share of its words
_MAX_NEW_WORDS = 0.35  # and if at most this share of the statement's words is new
_CONTEXT_LENGTH = 20_000  # characters around the evidence to take names and numbers from; parsing more takes seconds
_EXTRA_VERSIONS = 3  # to make, because some turn out to be true or known


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


def suggest_facts(item: Item, verify: AskVerifier, limit: int = 10) -> list[Suggestion]:
    """Suggest at most ``limit`` statements that could be facts of an article, the most important first.

    ``verify`` may be a simple verifier that compares words; its premises are the article, a reference or the facts.
    Raises StoreError if the parser is unavailable.
    """
    statements = [*_read_references(item, verify), *list_statements(item.article)[:_MAX_STATEMENTS]]
    counted = _count_references(_drop_stated(statements, item, verify), item, verify)
    chosen: list[tuple[Statement, int]] = []
    for each, count in sorted(counted, key=lambda pair: (is_unclear(pair[0].text), -pair[1], pair[0].position)):
        if len(chosen) < limit and not any(repeats(each.text, other.text) for other, _ in chosen):
            chosen.append((each, count))
    suggestions, references = [], len(item.references)
    for rank, ((text, evidence, position), count) in enumerate(chosen):
        reason = f"from sentence {position + 1}"
        if count:
            found_in = f"{count} of {references} references" if references > 1 else "the reference"
            reason = f"{reason}; {found_in} {'states' if count == 1 else 'state'} it"
        if references:
            importance: Importance = "essential" if 2 * count > references else "supporting" if count else "detail"
        else:
            importance = ("essential", "supporting", "detail")[3 * rank // len(chosen)]
        suggestions.append(Suggestion(text, guess_kind(text), importance, evidence, reason))
    return suggestions


def explain_nothing(article: Article) -> str:
    """Say why ``suggest_facts`` has nothing to suggest."""
    if is_dialogue(article.text):
        return "the lines of a dialogue need their context; write its facts yourself"
    return "harness found no new fact in the article or its references"


def _read_references(item: Item, verify: AskVerifier) -> list[Statement]:
    """Return the references' statements that a passage of the article, within one paragraph, supports."""
    article = item.article
    spans = [span for reference in item.references for span in sentences(reference.text, article.language)]
    made = [text for span in spans if not is_skipped(span.text) for text in split_sentence(span.text, article.language)]
    texts = list(dict.fromkeys(made))[:_MAX_STATEMENTS]
    ends = [span.end for span in sentences(blank_markdown(article.text), article.language)]  # as list_statements
    statements = []
    for text, verdict in zip(texts, verify([Pair.of_claim(article, text) for text in texts]), strict=True):
        if verdict.label == "supported" and verdict.evidence and "\n" not in verdict.evidence.text:
            position = sum(end <= verdict.evidence.start for end in ends)
            statements.append(Statement(text, verdict.evidence, position))
    return statements


def _drop_stated(statements: Sequence[Statement], item: Item, verify: AskVerifier) -> list[Statement]:
    """Drop statements that resemble a fact, or that all facts together support."""
    if not item.facts:
        return list(statements)
    stated = "\n".join(wording for fact in item.facts for wording in (fact.statement, *fact.accepted))
    stated_stems = _stem_words(stated)
    evidence = [fact.evidence for fact in item.facts if fact.evidence]
    new = []
    for each in statements:
        stems = _stem_words(each.text)
        fresh = len(stems - stated_stems)
        # a statement with the evidence of a fact must add several words
        is_covered = any(map(each.evidence.overlaps, evidence)) and fresh < max(3, len(stems) / 2)
        if fresh and not is_covered and not find_similar(each.text, item.facts):
            new.append(each)
    verdicts = verify([Pair(stated, each.text, language=item.article.language, of_summary=True) for each in new])
    return [each for each, verdict in zip(new, verdicts, strict=True) if verdict.label != "supported"]


def _count_references(statements: Sequence[Statement], item: Item, verify: AskVerifier) -> list[tuple[Statement, int]]:
    """Return each statement with the number of references that support it."""
    texts, language = [reference.text for reference in item.references], item.article.language
    pairs = [Pair(text, each.text, language=language, of_summary=True) for each in statements for text in texts]
    labels = iter(verify(pairs))
    return [(each, sum(next(labels).label == "supported" for _ in texts)) for each in statements]


def repeats(one: str, other: str) -> bool:
    """True if one statement says nearly the same as the other, or the same with a few words more."""
    stems, known = _stem_words(one), _stem_words(other)
    shares = len(stems & known) >= _MIN_SHARED_WORDS * min(len(stems), len(known))
    adds_little = len(stems - known) <= _MAX_NEW_WORDS * len(stems)
    return (shares and adds_little) or bool(find_similar(one, [Fact("", other)]))


def _stem_words(text: str) -> set[str]:
    return {word.removesuffix("'s")[:_STEM_LENGTH] for word in words(text) if word not in LIGHT}


def suggest_versions(
    fact: Fact, article: Article, facts: Sequence[Fact], rng: np.random.Generator, limit: int = 6
) -> list[Edit]:
    """Suggest at most ``limit`` new false versions of a fact's statement, the most confusable first; English only.

    ``facts`` are all facts of the article. A version that repeats one of them is true, so it is left out. Raises
    StoreError if the parser is unavailable.
    """
    if base_language(article.language) != "en" or not fact.statement.strip():
        return []
    known = {canonical(wording) for wording in (fact.statement, *fact.accepted, *fact.contradictions)}
    start = max(0, (fact.evidence.start if fact.evidence else 0) - _CONTEXT_LENGTH // 2)
    count = limit + len(fact.contradictions) + _EXTRA_VERSIONS
    versions = make_false_versions(fact.statement, rng, article.text[start : start + _CONTEXT_LENGTH], count)
    new = [edit for edit in versions if canonical(edit.text) not in known]
    return [edit for edit in new if not any(find_true_versions([edit.text], article, facts))][:limit]


def write_facts(item: Item, suggestions: Iterable[Suggestion]) -> int:
    """Add suggestions to the facts.yaml of an article's folder, marked unreviewed; return their number."""
    taken, new = {fact.id for fact in item.facts}, []
    for each in suggestions:
        entry = FactEntry(
            id=make_fact_id(each.statement, taken), statement=" ".join(each.statement.split()),
            importance=each.importance, kind=each.kind, evidence=each.evidence.text,
            contradictions=list(each.contradictions), unreviewed=True,
        )  # fmt: skip  # one call
        taken.add(entry.id)
        new.append(entry)
    if new:
        facts_edit.add(Path(item.article.path).with_name("facts.yaml"), new, item.article)
    return len(new)

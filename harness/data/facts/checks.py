"""Find errors and weaknesses of one fact, without a verifier. ``lint`` adds the checks that need a verifier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from harness.data.facts.file import check_fact_id, explain_missing_passage
from harness.data.facts.wording import canonical, find_nearest_passage, find_passage, find_similar
from harness.data.validation import Severity
from harness.records import Article, Fact, Span
from harness.text import paragraphs, sentences, words

CONTRADICTIONS = 2
ACCEPTED = 1
"""Number of contradictions, and of accepted wordings, that an essential or supporting fact needs."""
_PRONOUNS = frozenset(words("he she it they this these those his her its their we you i"))
_NEGATORS = frozenset(words("not no never none nobody nothing nowhere neither nor cannot without hardly"))
_FALSE_BY_ARTICLE = "change it so that the article contradicts it, or remove it"


@dataclass(frozen=True, slots=True)
class FactDraft:
    """A fact as someone types it; values may be missing or wrong."""

    id: str = ""
    statement: str = ""
    importance: str = "supporting"
    evidence: str = ""
    accepted: tuple[str, ...] = ()
    contradictions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark on a fact, and a remedy (empty if the message already says what to do)."""

    severity: Severity
    key: str
    message: str
    remedy: str = ""
    other: str = ""
    """Id of the fact that this one repeats."""
    passage: Span | None = None
    """For a remark on evidence, its place in the article, or the nearest passage."""


def check(draft: FactDraft, article: Article, others: Sequence[Fact]) -> list[Remark]:
    """Find errors and weaknesses of a fact. ``others`` are the article's other facts."""
    return [
        *_check_id(draft.id, others),
        *_check_statement(draft.statement, article, others),
        *_check_evidence(draft.evidence.strip(), article),
        *find_missing_wordings(draft),
        *_check_wordings(draft, article, others),
    ]


def find_missing_wordings(fact: Fact | FactDraft) -> Iterator[Remark]:
    if fact.importance == "detail":
        return
    if len(fact.contradictions) < CONTRADICTIONS:
        number = len(fact.contradictions)
        message = f"has {number} contradiction{'s' * (number != 1)}; {fact.importance} facts need {CONTRADICTIONS}"
        yield Remark("warning", "contradictions", message, "write false versions that a summary might well give")
    if len(fact.accepted) < ACCEPTED:
        message = f"has no accepted wording; {fact.importance} facts need {ACCEPTED}"
        yield Remark("warning", "accepted", message, "write another wording that says no more and no less")


def find_near_duplicates(statement: str, others: Sequence[Fact]) -> Iterator[Remark]:
    """Warn about the facts that a statement nearly repeats, nearest first."""
    for other, score in find_similar(statement, others):
        message = f"nearly repeats {other.id} (similarity {score:.0f} of 100): {other.statement}"
        yield Remark("warning", "statement", message, "keep one of them, or make clear how they differ", other.id)


def find_true_versions(versions: Sequence[str], article: Article, facts: Sequence[Fact]) -> Iterator[Remark]:
    """Report false versions that are true: a fact, an accepted wording or a sentence of the article states them."""
    fact_ids = {canonical(wording): fact.id for fact in facts for wording in (fact.statement, *fact.accepted)}
    sentence_words = _sentence_words(article.text, article.language) if versions else ()
    for version in versions:
        if other := fact_ids.get(canonical(version)):
            message = f"the false version {version!r} is true: {other} states it"
            yield Remark("error", "contradictions", message, _FALSE_BY_ARTICLE, other)
        elif any(_states(sentence, words(version)) for sentence in sentence_words):
            message = f"the article states the false version {version!r}"
            yield Remark("error", "contradictions", message, _FALSE_BY_ARTICLE)


def _check_id(name: str, others: Sequence[Fact]) -> Iterator[Remark]:
    if not name:
        return
    try:
        check_fact_id(name)
    except ValueError as error:
        yield Remark("error", "id", f"{name!r} is not a valid name", str(error))
    if any(other.id == name for other in others):
        yield Remark("error", "id", f"{name!r} exists already", "choose another id", name)


def _check_statement(statement: str, article: Article, others: Sequence[Fact]) -> Iterator[Remark]:
    if not statement.strip():
        yield Remark("error", "statement", "is missing", "write one sentence that can be understood on its own")
        return
    equal = [other for other in others if canonical(other.statement) == canonical(statement)]
    for other in equal:
        yield Remark("error", "statement", f"{other.id} already says the same", "edit that fact", other.id)
    yield from () if equal else find_near_duplicates(statement, others)
    if _PRONOUNS.intersection(words(statement)[:1]):
        message = "begins with a pronoun, but readers do not see the sentence before it"
        yield Remark("warning", "statement", message, "name the person or thing")
    if len(sentences(statement, article.language)) > 1:
        yield Remark("warning", "statement", "is more than one sentence", "make each a fact of its own")


def _check_evidence(passage: str, article: Article) -> Iterator[Remark]:
    if not passage:
        yield Remark("warning", "evidence", "is missing", "mark the passage of the article that states the fact")
    elif place := find_passage(passage, article.text):
        number = sum(1 for paragraph in paragraphs(article.text) if paragraph.start <= place.start)
        often = article.text.count(passage)
        also = f"; it occurs {often} times, and the first place counts" if often > 1 else ""
        yield Remark("note", "evidence", f"found in paragraph {number}{also}", passage=place)
    else:
        near = find_nearest_passage(passage, article.text)
        yield Remark("error", "evidence", explain_missing_passage(passage, article), passage=near)


def _check_wordings(draft: FactDraft, article: Article, others: Sequence[Fact]) -> Iterator[Remark]:
    for wording in draft.accepted:
        if canonical(wording) == canonical(draft.statement):
            yield Remark("warning", "accepted", f"{wording!r} is the statement itself", "remove it")
    own = {canonical(wording) for wording in (draft.statement, *draft.accepted)}
    for version in draft.contradictions:
        if canonical(version) in own:
            message = f"the contradiction {version!r} is what the fact itself states"
            yield Remark("error", "contradictions", message, _FALSE_BY_ARTICLE)
    yield from find_true_versions(
        [each for each in draft.contradictions if canonical(each) not in own], article, others
    )


@lru_cache(maxsize=8)
def _sentence_words(text: str, language: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(words(sentence.text)) for sentence in sentences(text, language))


def _states(sentence: Sequence[str], version: Sequence[str]) -> bool:
    """True if a sentence has all the words in order, and no negation that the version lacks."""
    left = iter(sentence)
    if not version or not all(word in left for word in version):
        return False
    return not any(word in _NEGATORS or word.endswith("n't") for word in set(sentence) - set(version))

"""What is wrong or weak with one fact, as it stands in the file or as somebody is typing it.

Nothing here asks a verifier: a check is done between two keystrokes. ``lint.py`` adds what takes longer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from harness.checker_en.negation import NEGATORS
from harness.data.facts import evidence
from harness.data.facts.file import not_in_article, one_word
from harness.data.facts.similar import canonical, similar
from harness.data.issues import Severity
from harness.records import Article, Fact, Span
from harness.text import paragraphs, sentences, words

CONTRADICTIONS = 2
ACCEPTED = 1
"""How many of each an essential or a supporting fact needs."""
_PRONOUNS = frozenset(words("he she it they this these those his her its their we you i"))


@dataclass(frozen=True, slots=True)
class FactDraft:
    """A fact as somebody types it: anything may still be missing or wrong."""

    id: str = ""
    statement: str = ""
    importance: str = "supporting"
    evidence: str = ""
    accepted: tuple[str, ...] = ()
    contradictions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to know of a fact, and what to do about it (empty where the message says it)."""

    severity: Severity
    key: str
    """The key of the fact that it is about."""
    message: str
    remedy: str = ""
    other: str = ""
    """Id of the fact that this one repeats; empty where it is about no other."""
    passage: Span | None = None
    """Evidence: where the article says it, or the passage that comes nearest."""


def check(draft: FactDraft, article: Article, others: Sequence[Fact]) -> list[Remark]:
    """What is wrong or weak, and where its evidence stands. ``others`` are the article's facts but for this one."""
    return [
        *_of_id(draft.id, others),
        *_of_statement(draft.statement, article, others),
        *_of_evidence(draft.evidence, article),
        *thin(draft),
        *_of_accepted(draft),
        *_of_contradictions(draft, article, others),
    ]


def thin(fact: Fact | FactDraft) -> Iterator[Remark]:
    """Whether a weighty fact has too few wordings."""
    if fact.importance == "detail":
        return
    if len(fact.contradictions) < CONTRADICTIONS:
        number = len(fact.contradictions)
        message = f"has {number} contradiction{'s' * (number != 1)}; {fact.importance} facts need {CONTRADICTIONS}"
        yield Remark("warning", "contradictions", message, "write false versions that a summary might well give")
    if len(fact.accepted) < ACCEPTED:
        message = f"has no accepted wording; {fact.importance} facts need {ACCEPTED}"
        yield Remark("warning", "accepted", message, "write another wording that says no more and no less")


def alike(statement: str, others: Sequence[Fact]) -> Iterator[Remark]:
    """The facts that a statement nearly repeats, the nearest first."""
    for other, score in similar(statement, others):
        message = f"says nearly what {other.id} says ({score:.0f} of 100): {other.statement}"
        yield Remark("warning", "statement", message, "keep one of them, or make plain in what they differ", other.id)


def true_versions(versions: Sequence[str], article: Article, facts: Sequence[Fact]) -> Iterator[Remark]:
    """False versions that are true: a fact or an accepted wording says them, or a sentence of the article does."""
    fact_ids = {canonical(wording): fact.id for fact in facts for wording in (fact.statement, *fact.accepted)}
    sentence_words = _sentence_words(article.text, article.language) if versions else ()
    for version in versions:
        remedy = "make it false by the article, or remove it"
        if other := fact_ids.get(canonical(version)):
            message = f"the contradiction {version!r} is what {other} says"
            yield Remark("error", "contradictions", message, remedy, other)
        elif any(_says(sentence, words(version)) for sentence in sentence_words):
            yield Remark("error", "contradictions", f"the article says the contradiction {version!r}", remedy)


def _of_id(name: str, others: Sequence[Fact]) -> Iterator[Remark]:
    if not name:
        return
    try:
        one_word(name)
    except ValueError as error:
        yield Remark("error", "id", f"{name!r} is no name", str(error))
    if any(other.id == name for other in others):
        yield Remark("error", "id", f"{name!r} is already there", "choose another id", name)


def _of_statement(statement: str, article: Article, others: Sequence[Fact]) -> Iterator[Remark]:
    if not statement.strip():
        yield Remark("error", "statement", "is missing", "write one sentence that can be understood on its own")
        return
    equal = [other for other in others if canonical(other.statement) == canonical(statement)]
    for other in equal:
        yield Remark("error", "statement", f"{other.id} says the same already", "edit that fact", other.id)
    yield from () if equal else alike(statement, others)
    if _PRONOUNS.intersection(words(statement)[:1]):
        message = "begins with a pronoun, and is read without the sentence before it"
        yield Remark("warning", "statement", message, "name who or what it is")
    if len(sentences(statement, article.language)) > 1:
        yield Remark("warning", "statement", "is more than one sentence", "make a fact of each")


def _of_evidence(passage: str, article: Article) -> Iterator[Remark]:
    passage = passage.strip()
    if not passage:
        yield Remark("warning", "evidence", "is missing", "mark the passage of the article that says it")
    elif place := evidence.locate(passage, article.text):
        number = sum(1 for paragraph in paragraphs(article.text) if paragraph.start <= place.start)
        often = article.text.count(passage)
        also = f"; it stands there {often} times, and the first counts" if often > 1 else ""
        yield Remark("note", "evidence", f"found in paragraph {number}{also}", passage=place)
    else:
        near = evidence.nearest(passage, article.text)
        yield Remark("error", "evidence", not_in_article(passage, article), passage=near)


def _of_accepted(draft: FactDraft) -> Iterator[Remark]:
    for wording in draft.accepted:
        if canonical(wording) == canonical(draft.statement):
            yield Remark("warning", "accepted", f"{wording!r} is the statement itself", "remove it")


def _of_contradictions(draft: FactDraft, article: Article, others: Sequence[Fact]) -> Iterator[Remark]:
    own = {canonical(wording) for wording in (draft.statement, *draft.accepted)}
    for version in draft.contradictions:
        if canonical(version) in own:
            message = f"the contradiction {version!r} is what the fact itself says"
            yield Remark("error", "contradictions", message, "make it false by the article, or remove it")
    yield from true_versions([each for each in draft.contradictions if canonical(each) not in own], article, others)


@lru_cache(maxsize=8)
def _sentence_words(text: str, language: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(words(sentence.text)) for sentence in sentences(text, language))


def _says(sentence: Sequence[str], version: Sequence[str]) -> bool:
    """Whether a sentence has all the words in their order, and denies nothing that the version does not deny."""
    left = iter(sentence)
    if not version or not all(word in left for word in version):
        return False
    return not any(
        word in NEGATORS or word == "without" or word.endswith("n't") for word in set(sentence) - set(version)
    )

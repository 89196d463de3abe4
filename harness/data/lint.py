"""Find errors and weaknesses of articles and facts before a run is scored with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from harness import languages
from harness.data.articles import Folder
from harness.data.articles.texts import article_fault
from harness.data.facts.file import FactEntry, check_fact_id, explain_missing_passage
from harness.data.facts.wording import canonical, find_nearest_passage, find_passage, find_similar
from harness.data.validation import Issue, Severity
from harness.records import Article, Fact, Item, Pair, Span
from harness.seams import AskVerifier
from harness.text import is_dialogue, is_headline, is_negator, paragraphs, sentences, words

_MOJIBAKE = re.compile(r"Ã[\x80-\xbf©¨¶¼¤Ÿ]|â€[™œ\x9d“”˜¦]|Â[\xa0£©°«»]")
"""UTF-8 that was decoded as Windows-1252: é as Ã©, ’ as â€™."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MARKUP = re.compile(r"&(?:amp|lt|gt|quot|nbsp|#\d+);|</?(?:p|br|div|span|a|b|i|strong|em)\b[^<>]*>", re.IGNORECASE)


def lint_articles(items: Sequence[Item]) -> list[Issue]:
    """Find weaknesses of each article, then duplicate articles, then missing references and facts."""
    return [
        *(issue for item in items for issue in _check_article(item.article)),
        *_find_repeats(items),
        *_find_missing_data(items),
    ]


def _check_article(article: Article) -> Iterator[Issue]:
    text = article.text
    if fault := article_fault(text):
        remedy = "its summaries have no text and its scores no value; remove the row if you do not want that"
        yield Issue("error", article.id, fault.partition(";")[0], remedy)
    if "�" in text:
        message = f"holds the replacement character � {text.count('�')} times"
        yield Issue("warning", article.id, message, "get the source again: the original characters are lost")
    if match := _MOJIBAKE.search(text):
        remedy = "save the source as UTF-8 again, or repair it with a tool such as ftfy"
        yield Issue("warning", article.id, f"holds {match[0]!r}, UTF-8 that was decoded as Windows-1252", remedy)
    if match := _CONTROL.search(text):
        yield Issue("warning", article.id, f"holds the control character {match[0]!r}", "remove it")
    if match := _MARKUP.search(text):
        remedy = "remove the markup: models copy it, and references do not have it"
        yield Issue("warning", article.id, f"holds the markup {match[0]!r}", remedy)
    if code := languages.detect_other(text, article.language):
        message = f"seems to be in {code}, but its language is set to {article.language}"
        yield Issue(
            "warning", article.id, message, f"set its language to {code}, because verifiers support only some languages"
        )
    if is_dialogue(text):
        remedy = "check claims about who said what yourself: verifiers often miss errors in them"
        yield Issue("warning", article.id, "seems to be a dialogue", remedy)


def _find_repeats(items: Sequence[Item]) -> Iterator[Issue]:
    first: dict[tuple[str, ...], str] = {}
    for article in (item.article for item in items):
        tokens = tuple(words(article.text))
        if tokens and first.setdefault(tokens, article.id) != article.id:
            remedy = "keep one of them: intervals assume independent articles"
            yield Issue("warning", article.id, f"has the same words as {first[tokens]}", remedy)


def _find_missing_data(items: Sequence[Item]) -> Iterator[Issue]:
    for what, without, scorers in (
        (
            "reference",
            [item.article.id for item in items if not item.references],
            "rouge, bertscore and similar scorers",
        ),
        ("fact", [item.article.id for item in items if not item.facts], "fact_recall and similar scorers"),
    ):
        if without:
            number = "all" if len(without) == len(items) else f"{len(without):,} of"
            have = "the article has" if len(items) == 1 else f"{number} {len(items):,} articles have"
            ids = ", ".join(without[:3]) + (", …" if len(without) > 3 else "")
            yield Issue("note", "", f"{have} no {what} ({ids})", f"{scorers} give no value there, and say why")


def lint_facts(folder: Folder, verify: AskVerifier) -> list[Issue]:
    """Find the weak facts of an article in the order of the file, then the paragraphs without a fact.

    ``verify`` checks the facts against the references. DataError if the article cannot be read.
    """
    article = folder.require_article()
    ids = {f"facts[{place}]": fact_id for fact_id, place in folder.facts.places.items()}
    invalid = [
        Issue("error", ids.get(each.key.partition(".")[0], ""), f"{each.key} {each.message}", "", each.file, each.line)
        for each in folder.facts.problems
    ]
    of_facts = [*invalid, *_check_facts(folder, article), *_find_uncovered(folder, article, verify)]
    return [*sorted(of_facts, key=lambda issue: issue.line or 0), *_find_bare_paragraphs(folder, article)]


def _make_issue(folder: Folder, severity: Severity, fact: Fact, message: str, remedy: str) -> Issue:
    return Issue(severity, fact.id, message, remedy, folder.facts.file, folder.facts.lines[fact.id])


def _check_facts(folder: Folder, article: Article) -> Iterator[Issue]:
    """Yield the remarks on each fact, except on keys with a problem, which is an issue already."""
    facts = folder.facts.facts
    wrong_keys = {problem.key for problem in folder.facts.problems}
    for number, fact in enumerate(facts):
        later = [other.id for other in facts[number + 1 :]]  # a near-duplicate is reported once, for the later fact
        for remark in check_draft(FactEntry.of(fact), article, [other for other in facts if other is not fact]):
            is_known = f"facts[{folder.facts.places[fact.id]}].{remark.key}" in wrong_keys
            is_repeated = remark.key == "statement" and remark.other in later
            if remark.severity != "note" and not is_known and not is_repeated:
                yield _make_issue(folder, remark.severity, fact, remark.message, remark.remedy)


def _find_uncovered(folder: Folder, article: Article, verify: AskVerifier) -> Iterator[Issue]:
    """Find facts that no reference states: a summary as good as the references would miss them."""
    if not folder.references:
        return
    facts = folder.facts.facts
    pairs = [Pair.of_fact(reference.text, fact, article) for fact in facts for reference in folder.references]
    labels = [verdict.label for verdict in verify(pairs)]
    width = len(folder.references)
    for number, fact in enumerate(facts):
        if "supported" not in labels[number * width : (number + 1) * width]:
            severity: Severity = "warning" if fact.importance == "essential" else "note"
            remedy = "write it into a reference, or lower its importance" if severity == "warning" else ""
            message = f"no reference seems to cover this fact (importance: {fact.importance})"
            yield _make_issue(folder, severity, fact, message, remedy)


def _find_bare_paragraphs(folder: Folder, article: Article) -> Iterator[Issue]:
    """Find paragraphs of the article without the evidence of any fact, except a headline."""
    passages = [fact.evidence for fact in folder.facts.facts if fact.evidence]
    for number, paragraph in enumerate(paragraphs(article.text), start=1):
        has_fact = any(each.overlaps(paragraph) or each.text in paragraph.text for each in passages)
        if not has_fact and not is_headline(paragraph, article.title):
            line = folder.first_line + article.text.count("\n", 0, paragraph.start)
            start = paragraph.text if len(paragraph.text) <= 60 else f"{paragraph.text[:57]}..."
            message = f"no fact has its evidence in paragraph {number}: {start}"
            yield Issue("warning", "", message, "add a fact stated in this paragraph", article.path, line)


# One fact -------------------------------------------------------------------------------------------------------------


CONTRADICTIONS = 2
ACCEPTED = 1
"""Number of contradictions, and of accepted wordings, that an essential or supporting fact needs."""
_PRONOUNS = frozenset(words("he she it they this these those his her its their we you i"))
_OTHER_NEGATORS = frozenset(["nowhere", "without", "hardly"])
_FALSE_BY_ARTICLE = "change it so that the article contradicts it, or remove it"


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark on one key of a fact, and a remedy (empty if the message already says what to do)."""

    severity: Severity
    key: str
    message: str
    remedy: str = ""
    other: str = ""
    """Id of the fact that this one repeats."""
    passage: Span | None = None
    """The place of the evidence in the article, or the nearest passage."""


def check_draft(draft: FactEntry, article: Article, others: Sequence[Fact]) -> list[Remark]:
    """Find errors and weaknesses of a fact, whose values may be missing or wrong while somebody types them.

    ``others`` are the article's other facts.
    """
    return [
        *_check_id(draft.id, others),
        *_check_statement(draft.statement, article, others),
        *_check_evidence((draft.evidence or "").strip(), article),
        *_find_missing_wordings(draft),
        *_check_wordings(draft, article, others),
    ]


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
        yield Remark("error", "statement", "has no statement", "write one sentence that can be understood on its own")
        return
    equal = [other for other in others if canonical(other.statement) == canonical(statement)]
    for other in equal:
        yield Remark("error", "statement", f"{other.id} already says the same", "edit that fact", other.id)
    for other, score in () if equal else find_similar(statement, others):
        message = f"nearly repeats {other.id} (similarity {score:.0f} of 100): {other.statement}"
        yield Remark("warning", "statement", message, "keep one of them, or make clear how they differ", other.id)
    if _PRONOUNS.intersection(words(statement)[:1]):
        message = "the statement begins with a pronoun, but readers do not see the sentence before it"
        yield Remark("warning", "statement", message, "name the person or thing")
    if len(sentences(statement, article.language)) > 1:
        yield Remark("warning", "statement", "the statement has several sentences", "make each a fact of its own")


def _check_evidence(passage: str, article: Article) -> Iterator[Remark]:
    if not passage:
        yield Remark("warning", "evidence", "has no evidence", "copy the passage that states it from the article")
    elif place := find_passage(passage, article.text):
        number = sum(1 for paragraph in paragraphs(article.text) if paragraph.start <= place.start)
        often = article.text.count(passage)
        also = f"; it occurs {often} times, and the first place counts" if often > 1 else ""
        yield Remark("note", "evidence", f"found in paragraph {number}{also}", passage=place)
    else:
        near = find_nearest_passage(passage, article.text)
        yield Remark("error", "evidence", explain_missing_passage(passage, article), passage=near)


def _find_missing_wordings(draft: FactEntry) -> Iterator[Remark]:
    if draft.importance == "detail":
        return
    number = len(draft.contradictions)
    if number < CONTRADICTIONS:
        message = f"has {number} contradiction{'s' * (number != 1)}; {draft.importance} facts need {CONTRADICTIONS}"
        yield Remark("warning", "contradictions", message, "write false versions that a summary might well give")
    if len(draft.accepted) < ACCEPTED:
        message = f"has no accepted wording; {draft.importance} facts need {ACCEPTED}"
        yield Remark("warning", "accepted", message, "write another wording that says no more and no less")


def _check_wordings(draft: FactEntry, article: Article, others: Sequence[Fact]) -> Iterator[Remark]:
    for wording in draft.accepted:
        if canonical(wording) == canonical(draft.statement):
            message = f"the accepted wording {wording!r} is the statement itself"
            yield Remark("warning", "accepted", message, "remove it")
    own = {canonical(wording) for wording in (draft.statement, *draft.accepted)}
    for version in draft.contradictions:
        if canonical(version) in own:
            message = f"the false version {version!r} is what the fact itself states"
            yield Remark("error", "contradictions", message, _FALSE_BY_ARTICLE)
    versions = [each for each in draft.contradictions if canonical(each) not in own]
    yield from find_true_versions(versions, article, others)


@lru_cache(maxsize=8)
def _sentence_words(text: str, language: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(words(sentence.text)) for sentence in sentences(text, language))


def _states(sentence: Sequence[str], version: Sequence[str]) -> bool:
    """True if a sentence has all the words in order, and no negation that the version lacks."""
    left = iter(sentence)
    if not version or not all(word in left for word in version):
        return False
    return not any(is_negator(word) or word in _OTHER_NEGATORS for word in set(sentence) - set(version))

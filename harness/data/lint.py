"""Find errors and weaknesses in articles and facts before they are used to score a run."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from harness import languages
from harness.data.articles import Folder
from harness.data.articles.texts import find_text_fault, is_label
from harness.data.facts.file import FactEntry, check_fact_id, explain_missing_passage
from harness.data.facts.wording import find_passage, find_similar
from harness.document.format import cut_end, join_words, plural
from harness.records import Article, Fact, Item, Pair, Span
from harness.seams import AskVerifier
from harness.signature import digest
from harness.text import base_language, canonical, is_dialogue, is_headline, is_negator, paragraphs, sentences, words

_MARKUP = r"&(?:amp|lt|gt|quot|nbsp|#\d+);|</?(?:p|br|div|span|a|b|i|strong|em)\b[^<>]*>"
_DAMAGE = (
    ("\ufffd", "the replacement character", "get the source again: the original characters are lost"),
    (
        r"Ã[\x80-\xbf©¨¶¼¤Ÿ]|â€[™œ\x9d“”˜¦]|Â[\xa0£©°«»]",
        "UTF-8 that was decoded as Windows-1252,",
        "save the source as UTF-8 again, or repair it with a tool such as ftfy",
    ),
    (r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "the control character", "remove it"),
    (f"(?i:{_MARKUP})", "the markup", "remove the markup: models copy it, and references lack it"),
)
"""Pattern of damaged text, what it is, and a remedy."""
_TABLE_RULE = re.compile(r"[ \t]*\n[ \t]*\|?[ \t]*:?-+:?[ \t]*\|[ \t|:-]*$", re.MULTILINE)

Severity = Literal["error", "warning", "note"]
"""error: the data cannot be saved, or gives wrong verdicts; warning: the data is weak; note: information."""


@dataclass(frozen=True, slots=True)
class Issue:
    """A weakness of an article or a fact, and a remedy (empty if the message already says what to do)."""

    severity: Severity
    message: str
    remedy: str = ""
    key: str = ""
    """The key that is weak, e.g. ``evidence``; '' for the whole fact or article."""
    other: str = ""
    """Id of another fact that says the same."""
    about: str = ""
    """Id of the article or fact; empty if the issue is about several."""
    file: str = ""
    line: int | None = None
    """1-based."""

    @property
    def place(self) -> str:
        """``references/tram-vote/facts.yaml:12: vote-date``, without the parts that are unknown."""
        file = self.file if self.line is None else f"{self.file}:{self.line}"
        return ": ".join(filter(None, (file, self.about)))


def lint_articles(items: Sequence[Item]) -> list[Issue]:
    """Find weaknesses in each article, then duplicate articles, then missing references and facts."""
    issues = [replace(issue, about=item.article.id) for item in items for issue in _check_article(item.article)]
    return [*issues, *_find_repeats(items), *_find_missing_data(items)]


def _check_article(article: Article) -> Iterator[Issue]:
    text = article.text
    if fault := find_text_fault(text):
        yield Issue("error", fault.rpartition(";")[0], "no system will summarise it; put its text here, or remove it")
    for pattern, what, remedy in _DAMAGE:
        if match := re.search(pattern, f"{article.title}\n{text}"):
            yield Issue("warning", f"holds {what} {match[0]!r}", remedy)
    first = next(iter(paragraphs(text)), None)
    if first and is_headline(first, None) and text[first.end :].strip() and article.body == text:
        what = "byline" if first.text.startswith("By ") else "headline"
        where = "remove it" if article.title or what == "byline" else "copy it into a title, in article.md or a column"
        yield Issue("note", f"seems to begin with a {what}, {first.text!r}", f"{where}: prompts and lead include it")
    if code := languages.detect_other(text, article.language):
        message = f"seems to be in {code}, but its language is set to {article.language}"
        yield Issue("warning", message, f"set its language to {code}: verifiers support only some languages")
    if is_dialogue(text):
        remedy = "check by hand who said what: verifiers often miss such errors"
        yield Issue("warning", "seems to be a dialogue", remedy)


def _find_repeats(items: Sequence[Item]) -> Iterator[Issue]:
    first: dict[str, str] = {}
    for article in (item.article for item in items):
        tokens = words(article.text)
        if tokens and (earlier := first.setdefault(digest(tokens), article.id)) != article.id:
            remedy = "keep one of them: intervals assume independent articles"
            yield Issue("warning", f"has the same words as {earlier}", remedy, about=article.id)


def _find_missing_data(items: Sequence[Item]) -> Iterator[Issue]:
    without_reference = [item.article.id for item in items if not item.references]
    without_fact = [item.article.id for item in items if not item.facts]
    for what, ids, scorers in (("reference", without_reference, "rouge"), ("fact", without_fact, "fact_recall")):
        if ids:
            number = "all" if len(ids) == len(items) else f"{len(ids):,} of"
            have = "the article has" if len(items) == 1 else f"{number} {len(items):,} articles have"
            some = ", ".join(ids[:3]) + (", …" if len(ids) > 3 else "")
            remedy = f"{scorers} and similar scorers give no value there, and say why"
            yield Issue("note", f"{have} no {what} ({some})", remedy)


def lint_facts(folder: Folder, verify: AskVerifier) -> list[Issue]:
    """Find the weak facts of an article in file order, then the paragraphs without a fact, as one issue.

    ``verify`` checks the facts against the references. If a file cannot be read, only say why. If a fact cannot be
    read, do not report paragraphs.
    """
    if folder.problems or (article := folder.article) is None:
        return [Issue("error", str(problem)) for problem in folder.problems]
    ids = {f"facts[{place}]": fact_id for fact_id, place in folder.facts.places.items()}
    facts, issues = folder.facts.facts, list[Issue]()
    for problem in folder.facts.problems:
        about = ids.get(problem.key.partition(".")[0], "")
        issues.append(Issue("error", f"{problem.key}: {problem.message}", about=about, line=problem.line))
    for fact in facts:
        found = [*_check_fact(fact, folder, article), *_check_coverage(fact, folder, article, verify)]
        issues += [replace(issue, about=fact.id, line=folder.facts.lines[fact.id]) for issue in found]
    located = [replace(issue, file=folder.facts.file) for issue in sorted(issues, key=lambda issue: issue.line or 0)]
    if any(not issue.about for issue in located):  # an entry that cannot be read may quote any paragraph
        return located
    return [*located, *_find_paragraphs_without_facts(folder, article)]


def _check_fact(fact: Fact, folder: Folder, article: Article) -> Iterator[Issue]:
    """Yield the weaknesses of a fact; skip keys that already have a problem."""
    facts = folder.facts.facts
    later = {other.id for other in facts[facts.index(fact) + 1 :]}  # a near-duplicate is reported at the later fact
    wrong_keys = {problem.key for problem in folder.facts.problems}
    for issue in check_draft(FactEntry.of(fact), article, [other for other in facts if other is not fact]):
        is_known = f"facts[{folder.facts.places[fact.id]}].{issue.key}" in wrong_keys
        is_repeated = issue.key == "statement" and issue.other in later
        if issue.severity != "note" and not is_known and not is_repeated:
            yield issue


def _check_coverage(fact: Fact, folder: Folder, article: Article, verify: AskVerifier) -> Iterator[Issue]:
    """Yield an issue if no reference states the fact: a summary as good as the references would miss it."""
    stated = replace(fact, contradictions=())  # they share most words with the fact, and ``verify`` compares words
    pairs = [Pair.of_fact(reference.text, stated, article) for reference in folder.references]
    if pairs and all(verdict.label != "supported" for verdict in verify(pairs)):
        message = f"no reference seems to cover this fact (importance: {fact.importance})"
        is_essential = fact.importance == "essential"
        remedy = "add it to a reference, or lower its importance" if is_essential else ""
        yield Issue("warning" if is_essential else "note", message, remedy)


def needs_fact(paragraph: Span, article: Article) -> bool:
    """False for headlines, bylines, table headers and rules, questions, and introductions ("By district:")."""
    is_row = "|" in paragraph.text and not _TABLE_RULE.match(article.text, paragraph.end)
    is_title = is_headline(paragraph, article.title) or (is_label(paragraph.text) and not is_row)
    return not (is_title or re.fullmatch(r"\W*|#+ .*|[^.!。！]*[:?：？؟]", paragraph.text))


def _find_paragraphs_without_facts(folder: Folder, article: Article) -> Iterator[Issue]:
    """Yield one issue for all paragraphs that need a fact and contain no fact's evidence."""
    passages = [fact.evidence for fact in folder.facts.facts if fact.evidence]
    bare = {
        number: paragraph
        for number, paragraph in enumerate(paragraphs(article.text), start=1)
        if needs_fact(paragraph, article)
        and not any(each.overlaps(paragraph) or each.text in paragraph.text for each in passages)
    }
    if bare:
        number, first = next(iter(bare.items()))
        line = folder.first_line + article.text.count("\n", 0, first.start)
        start = cut_end(first.text, 60)
        where = f"paragraphs {_list_ranges(bare)}, starting with" if len(bare) > 1 else f"paragraph {number}"
        message = f"no fact has its evidence in {where}: {start}"
        yield Issue("warning", message, "add a fact that is stated there", file=article.path, line=line)


def _list_ranges(numbers: Collection[int]) -> str:
    """Write ascending numbers as ``1, 3–5 and 7–8``."""
    starts = [number for number in numbers if number - 1 not in numbers]
    ends = [number for number in numbers if number + 1 not in numbers]
    return join_words([f"{a}–{b}" if a < b else str(a) for a, b in zip(starts, ends, strict=True)])


# One fact -------------------------------------------------------------------------------------------------------------


_CONTRADICTIONS = 2
"""Number of contradictions that an essential or supporting fact needs."""
_PRONOUNS = frozenset(words("he she it they this these those his her its their we you i"))
_OTHER_NEGATORS = frozenset(["nowhere", "without", "hardly"])
_NUMBER = re.compile(r"0*(\d+(?:[.,]\d+)*)")  # 3 for the 03 of 2026-05-03
_GROUPING = re.compile(r"(?<=\d)[.,'’\u00a0\u202f](?=\d{3}(?!\d))")
_MAKE_FALSE = "change it so that the article contradicts it, or remove it"


def check_draft(draft: FactEntry, article: Article, others: Sequence[Fact]) -> list[Issue]:
    """Find errors and weaknesses in a fact; its values may be missing or wrong while somebody is typing them.

    ``others`` are the article's other facts.
    """
    return [
        *_check_id(draft.id, others),
        *_check_statement(draft.statement, article, others),
        *_check_evidence((draft.evidence or "").strip(), article),
        *_find_missing_wordings(draft),
        *_check_wordings(draft, article, others),
    ]


def find_true_versions(versions: Sequence[str], article: Article, facts: Sequence[Fact]) -> Iterator[Issue]:
    """Report false versions that are true: a fact, an accepted wording or a sentence of the article states them."""
    fact_ids = {canonical(wording): fact.id for fact in facts for wording in (fact.statement, *fact.accepted)}
    sentence_words = _sentence_words(article.text, article.language) if versions else ()
    for version in versions:
        said = tuple(words(version))
        if (other := fact_ids.get(canonical(version))) is not None:
            message = f"the false version {version!r} is true: {other or 'the fact itself'} states it"
            yield Issue("error", message, _MAKE_FALSE, other=other, key="contradictions")
        elif any(_states(sentence, said, article.language) for sentence in sentence_words):
            message = f"the article states the false version {version!r}"
            yield Issue("error", message, _MAKE_FALSE, key="contradictions")


def _check_id(name: str, others: Sequence[Fact]) -> Iterator[Issue]:
    if not name:
        return
    try:
        check_fact_id(name)
    except ValueError as error:
        yield Issue("error", f"{name!r} is not a valid name", str(error), key="id")
    if any(other.id == name for other in others):
        yield Issue("error", f"{name!r} already exists", "choose another id", other=name, key="id")


def _check_statement(statement: str, article: Article, others: Sequence[Fact]) -> Iterator[Issue]:
    if not statement.strip():
        yield Issue("error", "has no statement", "write one sentence that makes sense on its own", key="statement")
        return
    equal = [other for other in others if canonical(other.statement) == canonical(statement)]
    for other in equal:
        yield Issue("error", f"{other.id} already says the same", "edit that fact", other=other.id, key="statement")
    for other, score in () if equal else find_similar(statement, others):
        message = f"nearly repeats {other.id} (similarity {score:.0f} of 100): {other.statement.rstrip('.')}"
        remedy = "keep one of them, or make clear how they differ"
        yield Issue("warning", message, remedy, other=other.id, key="statement")
    first = re.match(r"(\w)(\w*)", statement.strip())  # "She" in "She's gone" counts, but not "IT" or a quotation
    if base_language(article.language) == "en" and first and first[1].lower() + first[2] in _PRONOUNS:
        message = "the statement begins with a pronoun, but readers do not see the sentence before it"
        yield Issue("warning", message, "name the person or thing", key="statement")
    if unknown := _find_numbers(statement) - _find_numbers(f"{article.title} {article.date} {article.text}"):
        message = f"the article does not have this number: {', '.join(sorted(unknown))}"
        yield Issue("warning", message, "correct it, or write it as the article does", key="statement")
    if len(sentences(statement, article.language)) > 1:
        yield Issue("warning", "the statement has several sentences", "make each a separate fact", key="statement")


def _find_numbers(text: str) -> set[str]:
    """Find the numbers in digits, without grouping separators: ``1,500`` → ``1500``."""
    return set(_NUMBER.findall(_GROUPING.sub("", text)))


def _check_evidence(passage: str, article: Article) -> Iterator[Issue]:
    if not passage:
        yield Issue("warning", "has no evidence", "copy the passage that states it from the article", key="evidence")
    elif place := find_passage(passage, article.text):
        number = sum(1 for paragraph in paragraphs(article.text) if paragraph.start <= place.start)
        often = article.text.count(passage)
        also = f"; it occurs {often} times, and the first one counts" if often > 1 else ""
        yield Issue("note", f"found in paragraph {number}{also}", key="evidence")
    else:
        yield Issue("error", explain_missing_passage(passage, article), key="evidence")


def _find_missing_wordings(draft: FactEntry) -> Iterator[Issue]:
    if draft.importance == "detail":
        return
    if (number := len(draft.contradictions)) < _CONTRADICTIONS:
        message = f"has {plural(number, 'contradiction')}; {draft.importance} facts need {_CONTRADICTIONS}"
        yield Issue("warning", message, "write false versions that a summary could well state", key="contradictions")
    if not draft.accepted:
        message = f"has no accepted wording; {draft.importance} facts need one"
        yield Issue("warning", message, "write another wording that says no more and no less", key="accepted")


def _check_wordings(draft: FactEntry, article: Article, others: Sequence[Fact]) -> Iterator[Issue]:
    for wording in draft.accepted:
        if canonical(wording) == canonical(draft.statement):
            message = f"the accepted wording {wording!r} is the statement itself"
            yield Issue("warning", message, "remove it", key="accepted")
    own = Fact("", draft.statement, accepted=tuple(draft.accepted))
    yield from find_true_versions(draft.contradictions, article, [*others, own])


@lru_cache(maxsize=8)
def _sentence_words(text: str, language: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(words(sentence.text)) for sentence in sentences(text, language))


def _states(sentence: tuple[str, ...], version: tuple[str, ...], language: str) -> bool:
    """True if a sentence has all words of the version, in order, and no negation that the version lacks.

    A version with a number needs a sentence without others: "it costs 4, up from 3" does not state "it costs 3".
    """
    if base_language(language) != "en":  # harness knows only English negations, so the words must be equal
        return bool(version) and sentence == version
    left = iter(sentence)
    if not version or not all(word in left for word in version):
        return False
    extra, has_number = set(sentence) - set(version), any(word[0].isdigit() for word in version)
    return not any(is_negator(word) or word in _OTHER_NEGATORS or (has_number and word[0].isdigit()) for word in extra)

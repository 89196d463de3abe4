"""Look for what is weak in an article's facts, before a run is judged by them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from harness.data.articles import Folder
from harness.data.similar import bare, similar
from harness.records import Article, Fact, Pair, Verdict
from harness.text import paragraphs, sentences, words

Severity = Literal["error", "warning", "note"]
Verify = Callable[[Sequence[Pair]], list[Verdict]]

CONTRADICTIONS = 2
ACCEPTED = 1
"""How many of each an essential or a supporting fact needs."""
NEGATIONS = frozenset({"no", "not", "never", "nobody", "nothing", "none", "neither", "nor", "without", "cannot"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One weakness, where it is, and what to do about it (empty where the message says it)."""

    severity: Severity
    fact_id: str
    """Empty where it is not about one fact."""
    file: str
    line: int | None
    message: str
    remedy: str


def lint(folder: Folder, verify: Verify) -> list[Finding]:
    """What is weak in the facts of an article, in the order of the file, the paragraphs without a fact last.

    ``verify`` answers pairs whose premise is the article or a reference; what it says is a warning at the most, since
    a verifier that counts words is easily misled by a good contradiction. DataError where the article cannot be read.
    """
    article = folder.require_article()
    by_fact = [
        *_unread(folder),
        *_thin(folder),
        *_alike(folder),
        *_false_contradictions(folder, article),
        *_misleading_contradictions(folder, article, verify),
        *_contradicted_wordings(folder, article, verify),
        *_uncovered(folder, verify),
    ]
    return [*sorted(by_fact, key=lambda finding: finding.line or 0), *_bare_paragraphs(folder, article)]


def _found(folder: Folder, severity: Severity, fact: Fact, message: str, remedy: str) -> Finding:
    reading = folder.facts
    return Finding(severity, fact.id, reading.file, reading.lines[fact.id], message, remedy)


def _unread(folder: Folder) -> Iterator[Finding]:
    """What the file cannot be used with: wrong keys, evidence that is not in the article."""
    ids = {f"facts[{place}]": fact_id for fact_id, place in folder.facts.places.items()}
    for problem in folder.facts.problems:
        fact_id = ids.get(problem.key.partition(".")[0], "")
        yield Finding("error", fact_id, problem.file, problem.line, f"{problem.key} {problem.message}", "")


def _thin(folder: Folder) -> Iterator[Finding]:
    """Facts without evidence, and weighty facts with too few wordings."""
    unfound = {problem.key for problem in folder.facts.problems}
    for fact in folder.facts.facts:
        if fact.evidence is None and f"facts[{folder.facts.places[fact.id]}].evidence" not in unfound:
            remedy = "copy the passage that says it from the article, letter by letter"
            yield _found(folder, "warning", fact, "names no evidence", remedy)
        if fact.importance == "detail":
            continue
        if len(fact.contradictions) < CONTRADICTIONS:
            message = f"has {len(fact.contradictions)} contradictions; {fact.importance} facts need {CONTRADICTIONS}"
            yield _found(folder, "warning", fact, message, "write false versions that a summary might well give")
        if len(fact.accepted) < ACCEPTED:
            message = f"has no accepted wording; {fact.importance} facts need {ACCEPTED}"
            yield _found(folder, "warning", fact, message, "write another wording that says no more and no less")


def _alike(folder: Folder) -> Iterator[Finding]:
    facts = folder.facts.facts
    for number, fact in enumerate(facts):
        for other, score in similar(fact.statement, facts[:number]):
            message = f"says nearly what {other.id} says ({score:.0f} of 100): {other.statement}"
            yield _found(folder, "warning", fact, message, "keep one of them, or make plain in what they differ")


def _false_contradictions(folder: Folder, article: Article) -> Iterator[Finding]:
    """False versions that are true: a fact or an accepted wording says them, or a sentence of the article does."""
    facts = folder.facts.facts
    said = {bare(wording): fact.id for fact in facts for wording in (fact.statement, *fact.accepted)}
    sentence_words = [words(sentence.text) for sentence in sentences(article.text, article.language)]
    for fact in facts:
        for version in fact.contradictions:
            remedy = "make it false by the article, or remove it"
            if other := said.get(bare(version)):
                yield _found(folder, "error", fact, f"the contradiction {version!r} is what {other} says", remedy)
            elif any(_says(known, words(version)) for known in sentence_words):
                yield _found(folder, "error", fact, f"the article says the contradiction {version!r}", remedy)


def _says(sentence: list[str], version: list[str]) -> bool:
    """Whether a sentence has all the words in their order, and denies nothing that the version does not deny."""
    left = iter(sentence)
    if not version or not all(word in left for word in version):
        return False
    return not any(word in NEGATIONS or word.endswith("n't") for word in set(sentence) - set(version))


def _misleading_contradictions(folder: Folder, article: Article, verify: Verify) -> Iterator[Finding]:
    """False versions that the verifier finds in the article even beside the statement."""
    versions = [(fact, version) for fact in folder.facts.facts for version in fact.contradictions]
    pairs = [Pair(article.text, version, contrasts=(fact.statement, *fact.accepted)) for fact, version in versions]
    for (fact, version), verdict in zip(versions, verify(pairs), strict=True):
        if verdict.label == "supported":
            message = f"the verifier takes the article to support the contradiction {version!r}, not the statement"
            remedy = "make it plainly false by the article; where it is, look twice at verdicts on this fact"
            yield _found(folder, "warning", fact, message, remedy)


def _contradicted_wordings(folder: Folder, article: Article, verify: Verify) -> Iterator[Finding]:
    """Accepted wordings that the article contradicts."""
    wordings = [(fact, wording) for fact in folder.facts.facts for wording in fact.accepted]
    verdicts = verify([Pair(article.text, wording) for _, wording in wordings])
    for (fact, wording), verdict in zip(wordings, verdicts, strict=True):
        if verdict.label == "contradicted":
            message = f"the verifier takes the article to contradict the accepted wording {wording!r}"
            yield _found(folder, "warning", fact, message, "word it so that the article says it, or remove it")


def _uncovered(folder: Folder, verify: Verify) -> Iterator[Finding]:
    """Facts that no reference holds: a summary as good as the references would lose them."""
    if not folder.references:
        return
    facts = folder.facts.facts
    pairs = [
        Pair(reference.text, fact.statement, fact.accepted, fact.contradictions)
        for fact in facts
        for reference in folder.references
    ]
    labels = [verdict.label for verdict in verify(pairs)]
    width = len(folder.references)
    for number, fact in enumerate(facts):
        if "supported" not in labels[number * width : (number + 1) * width]:
            severity: Severity = "warning" if fact.importance == "essential" else "note"
            remedy = "write it into a reference, or lower its importance" if severity == "warning" else ""
            yield _found(folder, severity, fact, f"no reference covers this {fact.importance} fact", remedy)


def _bare_paragraphs(folder: Folder, article: Article) -> Iterator[Finding]:
    """Paragraphs of the article in which no fact has its evidence."""
    passages = [fact.evidence.text for fact in folder.facts.facts if fact.evidence]
    for number, paragraph in enumerate(paragraphs(article.text), start=1):
        if not any(passage in paragraph.text for passage in passages):
            line = folder.first_line + article.text.count("\n", 0, paragraph.start)
            start = paragraph.text if len(paragraph.text) <= 60 else f"{paragraph.text[:57]}..."
            message = f"no fact has its evidence in paragraph {number}: {start}"
            yield Finding("warning", "", article.path, line, message, "add a fact that it states")

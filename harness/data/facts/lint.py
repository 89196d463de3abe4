"""Look for what is weak in an article's facts, before a run is judged by them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from harness.data.articles import Folder
from harness.data.facts import checks
from harness.data.issues import Issue, Severity
from harness.records import Article, Fact, Pair
from harness.seams import AskVerifier
from harness.text import is_headline, paragraphs


def lint(folder: Folder, verify: AskVerifier) -> list[Issue]:
    """What is weak in the facts of an article, in the order of the file, the paragraphs without a fact last.

    ``verify`` answers pairs whose premise is the article or a reference; what it says is a warning at the most, since
    a verifier that counts words is easily misled by a good contradiction. DataError where the article cannot be read.
    """
    article = folder.require_article()
    by_fact = [
        *_unread(folder),
        *_weak(folder, article),
        *_misleading_contradictions(folder, article, verify),
        *_contradicted_wordings(folder, article, verify),
        *_uncovered(folder, article, verify),
    ]
    return [*sorted(by_fact, key=lambda issue: issue.line or 0), *_bare_paragraphs(folder, article)]


def _issue(folder: Folder, severity: Severity, fact: Fact, message: str, remedy: str) -> Issue:
    return Issue(severity, fact.id, message, remedy, folder.facts.file, folder.facts.lines[fact.id])


def _unread(folder: Folder) -> Iterator[Issue]:
    """What the file cannot be used with: wrong keys, evidence that is not in the article."""
    ids = {f"facts[{place}]": fact_id for fact_id, place in folder.facts.places.items()}
    for problem in folder.facts.problems:
        fact_id = ids.get(problem.key.partition(".")[0], "")
        yield Issue("error", fact_id, f"{problem.key} {problem.message}", "", problem.file, problem.line)


def _weak(folder: Folder, article: Article) -> Iterator[Issue]:
    """What is weak with each fact, as far as no verifier needs to be asked."""
    facts = folder.facts.facts
    wrong_keys = {problem.key for problem in folder.facts.problems}
    for number, fact in enumerate(facts):
        if fact.evidence is None and f"facts[{folder.facts.places[fact.id]}].evidence" not in wrong_keys:
            remedy = "copy the passage that says it from the article, letter by letter"
            yield _issue(folder, "warning", fact, "names no evidence", remedy)
        remarks = (
            *checks.thin(fact),
            *checks.alike(fact.statement, facts[:number]),
            *checks.true_versions(fact.contradictions, article, facts),
        )
        for remark in remarks:
            yield _issue(folder, remark.severity, fact, remark.message, remark.remedy)


def _misleading_contradictions(folder: Folder, article: Article, verify: AskVerifier) -> Iterator[Issue]:
    """False versions that the verifier finds in the article even beside the statement."""
    versions = [(fact, version) for fact in folder.facts.facts for version in fact.contradictions]
    pairs = [
        replace(Pair.of_claim(article, version), contrasts=(fact.statement, *fact.accepted))
        for fact, version in versions
    ]
    for (fact, version), verdict in zip(versions, verify(pairs), strict=True):
        if verdict.label == "supported":
            message = f"lexical, which lint asks, takes the article to support the contradiction {version!r}"
            remedy = "where it is plainly false, lexical is wrong: look twice at verdicts on this fact"
            yield _issue(folder, "warning", fact, message, remedy)


def _contradicted_wordings(folder: Folder, article: Article, verify: AskVerifier) -> Iterator[Issue]:
    """Accepted wordings that the article contradicts."""
    wordings = [(fact, wording) for fact in folder.facts.facts for wording in fact.accepted]
    verdicts = verify([Pair.of_claim(article, wording) for _, wording in wordings])
    for (fact, wording), verdict in zip(wordings, verdicts, strict=True):
        if verdict.label == "contradicted":
            message = f"lexical, which lint asks, takes the article to contradict the accepted wording {wording!r}"
            yield _issue(folder, "warning", fact, message, "word it so that the article says it, or remove it")


def _uncovered(folder: Folder, article: Article, verify: AskVerifier) -> Iterator[Issue]:
    """Facts that no reference holds: a summary as good as the references would lose them."""
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
            yield _issue(folder, severity, fact, f"no reference seems to cover this {fact.importance} fact", remedy)


def _bare_paragraphs(folder: Folder, article: Article) -> Iterator[Issue]:
    """Paragraphs of the article in which no fact has its evidence; a headline needs none."""
    passages = [fact.evidence for fact in folder.facts.facts if fact.evidence]
    for number, paragraph in enumerate(paragraphs(article.text), start=1):
        has_fact = any(each.overlaps(paragraph) or each.text in paragraph.text for each in passages)
        if not has_fact and not is_headline(paragraph, article.title):
            line = folder.first_line + article.text.count("\n", 0, paragraph.start)
            start = paragraph.text if len(paragraph.text) <= 60 else f"{paragraph.text[:57]}..."
            message = f"no fact has its evidence in paragraph {number}: {start}"
            yield Issue("warning", "", message, "add a fact that it states", article.path, line)

"""The errors of each system: wrong or invented claims and lost facts, with the passages that show them."""

from __future__ import annotations

from collections.abc import Iterator

from harness.document import format as fmt
from harness.document.blocks import Block, Folded, Item, Listing, Medium, Piece, Text
from harness.document.labels import MARKS, UNREVIEWED, people, probability, spread, verifier
from harness.records import Check
from harness.report.article import explain
from harness.report.links import Links, errors_anchor
from harness.report.report import Report
from harness.report.tally import CLAIM_ERRORS, FACT_ERRORS, ClaimError, FactError, Tally

_PASSAGE = 240
"""Characters of a quoted passage."""


def list_errors(run_report: Report, links: Links, medium: Medium) -> Iterator[Block]:
    """Yield a collapsed list for each system with errors: claims, then facts, the worst first."""
    tallies = [run_report.counts.tallies[system.name] for system in run_report.systems]
    listed = [tally for tally in tallies if tally.claim_errors or tally.fact_errors]
    for tally in listed:
        items: list[Item] = []
        for label in CLAIM_ERRORS:
            claims = [_claim(run_report, links, error) for error in tally.claim_errors if error.label == label]
            items += _cut(claims, tally.claim_labels[label], medium)
        for label in FACT_ERRORS:
            facts = [_fact(run_report, links, error) for error in tally.fact_errors if error.label == label]
            items += _cut(facts, tally.fact_labels[label], medium)
        summaries = f" ({fmt.plural(tally.summaries, 'summary')})" if tally.several else ""
        title = f"{tally.system.name}{summaries}: {_describe(tally, run_report.counts.noun)}"
        listing = Listing(tuple(items), anchor=errors_anchor(tally.system.name))
        yield Folded(title, (listing,), open=len(listed) == 1)


def _cut(errors: list[Text], number: int, medium: Medium) -> list[Item]:
    """Make items of as many errors as the medium shows; ``number`` counts all errors."""
    shown = errors[: medium.errors]
    rest = number - len(shown)
    return [*map(Item, shown), *([Item(fmt.and_more(rest))] if rest else [])]


def _describe(tally: Tally, noun: str) -> str:
    """Count the errors: ``claims: 2 wrong, 1 not in the article; 1 fact contradicted; 3 essential facts lost``."""
    parts = []
    where = " in at least one summary" if tally.several else ""
    if tally.claim_labels:
        parts.append(f"claims: {spread(tally.claim_labels, 'grounding')}")
    if number := tally.fact_labels["contradicted"]:
        parts.append(f"{fmt.plural(number, 'fact')} contradicted{where}")
    if number := tally.fact_labels["absent"]:
        parts.append(f"{fmt.plural(number, noun)} lost{where}")
    return "; ".join(parts)


def _claim(run_report: Report, links: Links, error: ClaimError) -> Text:
    check = error.check
    href = run_report.href(links, error.article, check)
    pieces = [Piece(f"{MARKS[error.label].claim}:", error.label), Piece(" "), Piece(f"“{check.hypothesis}”", href=href)]
    return (*pieces, *_describe_judges(run_report, check), *_evidence(run_report, check, "summary", "article"))


def _fact(run_report: Report, links: Links, error: FactError) -> Text:
    check = error.check
    times = f" in {error.times} of {error.samples} summaries" if error.samples > 1 else ""
    href = run_report.href(links, error.article, check)
    pieces = [
        Piece(f"{MARKS[error.label].fact}{times}:", error.label),
        Piece(" "),
        Piece(error.fact.statement, href=href),
    ]
    pieces += [Piece(f" ({UNREVIEWED})")] if error.fact.unreviewed else []
    return (*pieces, *_describe_judges(run_report, check), *_evidence(run_report, check, "fact", "summary"))


def _describe_judges(run_report: Report, check: Check) -> list[Piece]:
    """Say who judged, and the verifier's own verdict; for an undecided verdict, give the probabilities."""
    own = run_report.index.own(check)
    if own:
        said = f"{MARKS[own.label].word(check.use)} {fmt.share(getattr(own.probabilities, own.label, None))}"
        return [Piece(f" (judged by {people(check.verdict)}; {verifier(own)} alone: {said})")]
    return [Piece(f" ({probability(check.verdict, check.use)})")] if check.verdict.label == "uncertain" else []


def _evidence(run_report: Report, check: Check, one: str, other: str) -> Iterator[Piece]:
    """Yield the differences, and the passage of the premise that contradicts the hypothesis.

    ``one`` names the hypothesis, ``other`` the premise.
    """
    if check.verdict.label != "contradicted":
        return
    differences, passage = explain(check, run_report.index.premise(check))
    for each in differences:
        instead = f"the {other} “{each.found.text}”" if each.found else f"the {other} has nothing in its place"
        yield Piece(f" The {one} says “{each.stated}”, {instead}.", "emphasis")
    if passage and passage.text:
        if check.use == "grounding" and (names := run_report.index.item(check).article.name_documents(passage)):
            other = names
        yield Piece(f" The {other}: “{fmt.cut_end(passage.text, _PASSAGE)}”", "emphasis")

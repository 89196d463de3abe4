"""The errors of each system: wrong or invented claims and lost facts, with the passages that show them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, islice

from harness.document import format as fmt
from harness.document.blocks import Block, Folded, Item, Listing, Medium, Piece, Text
from harness.document.labels import MARKS, UNREVIEWED, people, probability, spread, verifier
from harness.records import Check
from harness.report.article import explain
from harness.report.links import Links, errors_anchor
from harness.report.report import Report
from harness.report.tally import Error, Tally

_PASSAGE = 240


def list_errors(run_report: Report, links: Links, medium: Medium) -> Iterator[Block]:
    """Yield a collapsed list for each system with errors: claims, then facts, the worst first."""
    tallies = [run_report.counts.tallies[system.name] for system in run_report.systems]
    listed = [tally for tally in tallies if tally.claim_errors or tally.fact_errors]
    for tally in listed:
        items: list[Item] = []
        for errors, numbers in ((tally.claim_errors, tally.claim_labels), (tally.fact_errors, tally.fact_labels)):
            for label, group in groupby(errors, key=lambda error: error.label):
                shown = [_show(run_report, links, error) for error in islice(group, medium.errors)]
                rest = numbers[label] - len(shown)
                items += [*map(Item, shown), *([Item(fmt.and_more(rest))] if rest else [])]
        summaries = f" ({fmt.plural(tally.summaries, 'summary')})" if tally.several else ""
        title = f"{tally.system.name}{summaries}: {_describe(tally, run_report.counts.noun)}"
        listing = Listing(tuple(items), anchor=errors_anchor(tally.system.name))
        yield Folded(title, (listing,), open=len(listed) == 1)


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


def _show(run_report: Report, links: Links, error: Error) -> Text:
    check, fact = error.check, error.fact
    times = f" in {error.times} of {error.samples} summaries" if error.samples > 1 else ""
    quoted = fact.statement if fact else f"“{check.hypothesis}”"
    pieces = [
        Piece(f"{MARKS[error.label].word(check.use)}{times}:", error.label),
        Piece(" "),
        Piece(quoted, href=run_report.href(links, error.article, check)),
    ]
    pieces += [Piece(f" ({UNREVIEWED})")] if fact and fact.unreviewed else []
    return (*pieces, *_describe_judges(run_report, error), *_evidence(run_report, check))


def _describe_judges(run_report: Report, error: Error) -> list[Piece]:
    """Say who judged, and the verifier's own verdict; for an undecided verdict, give the probabilities."""
    check = error.check
    own = run_report.index.own(check)
    if own:
        said = MARKS[own.label].word(check.use)
        if own.label != "uncertain":
            said += f", probability {probability(own, check.use)}"
        which = "one of them: " if error.times > 1 else ""
        return [Piece(f" ({which}judged by {people(check.verdict)}; {verifier(own)} alone: {said})")]
    return [Piece(f" ({probability(check.verdict, check.use)})")] if check.verdict.label == "uncertain" else []


def _evidence(run_report: Report, check: Check) -> Iterator[Piece]:
    """Yield the differences, and the passage of the premise that contradicts the hypothesis."""
    if check.verdict.label != "contradicted":
        return
    one, other = ("fact", "summary") if check.use == "coverage" else ("summary", "article")
    differences, passage = explain(check, run_report.index.premise(check))
    for each in differences:
        instead = f"the {other} “{each.found.text}”" if each.found else f"the {other} has nothing in its place"
        yield Piece(f" The {one} says “{each.stated}”, {instead}.", "emphasis")
    if passage and passage.text:
        if check.use == "grounding" and (names := run_report.index.item(check).article.name_documents(passage)):
            other = names
        yield Piece(f" The {other}: “{fmt.cut_end(passage.text, _PASSAGE)}”", "emphasis")

"""The report as HTML: nothing is loaded, everything from outside is escaped, and nothing needs a script.

A page carries its style and a small script, and its policy allows no other. What the script adds is comfort.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from jinja2 import Environment

from harness.document import html
from harness.document.segments import Segment
from harness.records import Label, Span
from harness.report import document, words
from harness.report.card import Card, ClaimLine, FactLine
from harness.report.links import Links
from harness.report.matrix import MatrixRow
from harness.report.report import Page, Report


def page(template: str, values: Mapping[str, Any]) -> str:
    """A page of the report that can be opened from disk."""
    return html.page(environment(), template, values)


def front(run_report: Report, links: Links, first: int = 0) -> dict[str, Any]:
    """What ``report.html.j2`` shows: the first page, with all articles on it unless ``links`` has pages for them.

    ``first``: the place in the run of the first article that is shown.
    """
    pages = [] if links.pages else list(run_report.pages)
    return {
        "report": run_report,
        "document": document.on_page(run_report, links, first),
        "appendix": list(document.appendix(run_report)),
        "pages": pages,
        "links": links,
        "style": style(pages),
        "script": script(),
    }


def article(run_report: Report, number: int, links: Links) -> dict[str, Any]:
    """What ``article.html.j2`` shows: one article, by its place in the run."""
    page = run_report.page(number)
    return {
        "report": run_report,
        "page": page,
        "number": number,
        "links": links,
        "style": style([page]),
        "script": script(),
    }


@cache
def environment() -> Environment:
    """What renders the templates of the report."""
    jinja = html.environment("harness.report")
    jinja.globals |= {
        "claim_classes": _claim_classes,
        "fact_classes": _fact_classes,
        "flags": _flags,
        "marks": _marks,
        "row_classes": _row_classes,
        "words": words,
    }
    return jinja


def style(pages: Sequence[Page] = ()) -> str:
    """The style of a page that shows these articles: it has a rule for each fact, claim and passage."""
    cards = [card for page in pages for column in page.cards for card in column]
    reach = {
        "s": max((len(page.cards) for page in pages), default=0),
        "f": max((len(page.item.facts) for page in pages), default=0) + 1,
        "k": max((len(card.claims) for card in cards), default=0) + 1,
        "v": max((len(page.passages) for page in pages), default=0),
    }
    return html.style(environment(), reach)


@cache
def script() -> str:
    """What makes reading easier where scripts run."""
    return environment().get_template("report.js.j2").render()


# What the style and the script know things by ----------------------------------------------------------------------


def _marks(page: Page, card: Card, segment: Segment) -> str:
    """The classes of a piece of a summary: its claims with their passages, and the facts that it is evidence for."""
    names: list[str] = []
    for index in segment.covering:
        if index < len(card.claims):
            claim = card.claims[index]
            names += [f"k{claim.number}", f"said-{claim.verdict.label}", *_passage(page, claim.verdict.evidence)]
        else:
            line = card.facts[index - len(card.claims)]
            label = line.verdict.label if line.verdict else "absent"
            names += [f"e{line.number}", *([f"fact-{label}"] if label in ("supported", "contradicted") else [])]
    return " ".join(dict.fromkeys(names))


def _flags(card: Card, segment: Segment, label: Label) -> list[FactLine]:
    """The facts of which a piece of a summary ends the evidence, of those with this verdict."""
    ended = (card.facts[index - len(card.claims)] for index in segment.closing if index >= len(card.claims))
    return [line for line in ended if line.verdict and line.verdict.label == label]


def _passage(page: Page, evidence: Span | None) -> list[str]:
    number = page.passage(evidence)
    return [] if number is None else [f"v{number}"]


def _claim_classes(page: Page, claim: ClaimLine) -> str:
    return " ".join(
        ["claim", f"k{claim.number}", *_has([claim.verdict.label]), *_passage(page, claim.verdict.evidence)]
    )


def _fact_classes(page: Page, line: FactLine) -> str:
    has = _has([line.verdict.label] if line.verdict else [])
    passage = _passage(page, line.fact.evidence)
    return " ".join(["fact", f"f{line.number}", line.fact.importance, *_differing(page, line.number), *has, *passage])


def _row_classes(page: Page, row: MatrixRow) -> str:
    has = _has(label for cell in row.cells for label in cell.labels)
    return " ".join(["fact", row.fact.importance, *_differing(page, row.number), *has])


def _has(labels: Iterable[Label]) -> list[str]:
    return sorted({f"has-{label}" for label in labels if label in ("contradicted", "uncertain")})


def _differing(page: Page, number: int) -> list[str]:
    return ["differing"] if number in page.differing else []

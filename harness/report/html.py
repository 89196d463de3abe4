"""The report as HTML pages: they load nothing, escape everything from outside, and need no script."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment

from harness.document import html
from harness.document.segments import Segment
from harness.records import Label
from harness.report import document
from harness.report.article import Card, Line
from harness.report.links import Links
from harness.report.report import Report


def page(template: str, values: Mapping[str, Any]) -> str:
    """A page of the report that can be opened from disk."""
    return html.page(environment(), template, values)


def front(run_report: Report, links: Links, first: int = 0) -> dict[str, Any]:
    """The values of ``report.html.j2``: the first page, with all articles on it unless ``links`` has pages for them.

    ``first``: the place in the run of the first article that is shown.
    """
    return {
        "report": run_report,
        "document": document.on_page(run_report, links, first),
        "appendix": list(document.appendix(run_report)),
        "pages": [] if links.pages else list(run_report.pages),
        "links": links,
        "style": style(),
        "script": script(),
    }


def article(run_report: Report, number: int, links: Links) -> dict[str, Any]:
    """The values of ``article.html.j2``: one article, by its place in the run."""
    return {
        "report": run_report,
        "page": run_report.page(number),
        "number": number,
        "links": links,
        "style": style(),
        "script": script(),
    }


@cache
def environment() -> Environment:
    """The templates of the report."""
    jinja = html.environment("harness.report")
    jinja.globals |= {"flags": _flags, "marks": _marks}
    return jinja


@cache
def style() -> str:
    """The style of all pages."""
    return html.style(environment())


@cache
def script() -> str:
    """Sorting of the leaderboard, where scripts run."""
    return environment().get_template("report.js.j2").render()


def _marks(card: Card, segment: Segment) -> str:
    """The classes of a piece of a summary: the claims it belongs to, and the facts it is evidence for."""
    names = []
    for index in segment.covering:
        if index < len(card.claims):
            names.append(f"said-{card.claims[index].label}")
        elif (label := card.facts[index - len(card.claims)].label) in ("supported", "contradicted"):
            names.append(f"fact-{label}")
    return " ".join(dict.fromkeys(names))


def _flags(card: Card, segment: Segment) -> list[tuple[Line, Label]]:
    """The claims and facts that end with a piece of a summary and get a flag: unsupported claims and stated facts."""
    ended = [(card.claims + card.facts)[index] for index in segment.closing]
    claims = [line for line in ended if line.use == "grounding" and line.label != "supported"]
    facts = [line for line in ended if line.use == "coverage" and line.label in ("supported", "contradicted")]
    return [(line, line.label) for line in (*claims, *facts)]

"""The report as HTML pages. They load nothing, escape all names and texts, and work without scripts."""

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
    """Render a page of the report that can be opened from disk."""
    return html.page(environment(), template, values)


def front(run_report: Report, links: Links, first: int = 0) -> dict[str, Any]:
    """Return the values for ``report.html.j2``; they include all articles unless ``links`` has pages for them.

    ``first`` is the index in the run of the first article shown.
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
    """Return the values for ``article.html.j2``. ``number`` is the index of the article in the run."""
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
    """Return the environment with the report's templates."""
    jinja = html.environment("harness.report")
    jinja.globals |= {"flags": _flags, "marks": _marks}
    return jinja


@cache
def style() -> str:
    """Return the CSS of all pages."""
    return html.style(environment())


@cache
def script() -> str:
    """Return the script that sorts the leaderboard."""
    return environment().get_template("report.js.j2").render()


def _marks(card: Card, segment: Segment) -> str:
    """Return the CSS classes of a segment of a summary, from the claims and facts that it is part of."""
    names = []
    for index in segment.covering:
        if index < len(card.claims):
            names.append(f"said-{card.claims[index].label}")
        elif (label := card.facts[index - len(card.claims)].label) in ("supported", "contradicted"):
            names.append(f"fact-{label}")
    return " ".join(dict.fromkeys(names))


def _flags(card: Card, segment: Segment) -> list[tuple[Line, Label]]:
    """Return the lines to flag at the end of a segment: unsupported claims, and facts stated or contradicted."""
    ended = [(card.claims + card.facts)[index] for index in segment.closing]
    claims = [line for line in ended if line.use == "grounding" and line.label != "supported"]
    facts = [line for line in ended if line.use == "coverage" and line.label in ("supported", "contradicted")]
    return [(line, line.label) for line in (*claims, *facts)]

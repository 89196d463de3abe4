"""The report as one HTML page: no script, nothing loaded, everything from outside escaped."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from harness.records import Results
from harness.reports import format as fmt
from harness.reports import labels, roles
from harness.reports.card import Card
from harness.reports.plain import visible
from harness.reports.report import Lost, Page, report
from harness.reports.segments import Segment

_OPEN = 3
"""Up to so many articles stand open; of more, each opens when it is asked for or linked to."""


def render(results: Results) -> str:
    """The page. It can be opened from disk: its policy forbids scripts, and styles but its own."""
    found = report(results)
    style = environment().get_template("style.css.j2").render(reach=_reach(found.pages))
    page = environment().get_template("report.html.j2")
    return page.render(report=found, style=style, style_hash=style_hash(style), open=len(found.pages) <= _OPEN)


@cache
def environment() -> Environment:
    """What renders the templates: everything is escaped, and a misspelt name is an error."""
    made = Environment(
        loader=PackageLoader("harness.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "ARROWS": fmt.ARROWS,
        "MARKS": labels.MARKS,
        "MISSING": fmt.MISSING,
        "ROLES": roles.TITLES,
        "ROLES_EXPLAINED": roles.EXPLAINED,
        "all_probabilities": labels.all_probabilities,
        "by_role": _by_role,
        "classes": _classes,
        "plural": fmt.plural,
        "probability": labels.probability,
        "spread": labels.spread,
    }
    return made


def _shown(value: object) -> object:
    """Text from outside without control characters; what is markup already, and what is undefined, as it is."""
    return visible(value) if type(value) is str else value


def style_hash(style: str) -> str:
    """The style's hash as a content security policy names it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}"


def _reach(pages: Sequence[Page]) -> dict[str, int]:
    """How many facts, sentences and passages one article or summary has at the most: the style has a rule for each."""
    cards = [card for page in pages for column in page.cards for card in column]
    return {
        "f": max((len(page.item.facts) for page in pages), default=0) + 1,
        "k": max((len(card.claims) for card in cards), default=0) + 1,
        "v": max((len(page.passages) for page in pages), default=0),
    }


def _by_role(lost: Sequence[Lost]) -> dict[roles.Role, list[Lost]]:
    groups: dict[roles.Role, list[Lost]] = {}
    for member in lost:
        groups.setdefault(roles.role(member.system), []).append(member)
    return groups


def _classes(card: Card, segment: Segment) -> str:
    """The classes of a piece of a summary: its sentences with their labels, and the facts it is evidence for."""
    names: list[str] = []
    for index in segment.covering:
        if index < len(card.claims):
            claim = card.claims[index]
            names += [f"k{claim.number}", f"said-{claim.verdict.label}"]
        else:
            names.append(f"e{card.facts[index - len(card.claims)].number}")
    return " ".join(names)

"""The report as HTML pages: one file or, if there are many articles, a front page and a page for each article.

The pages load nothing, escape all names and texts, and work without scripts.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment

from harness import progress
from harness.document import html
from harness.document.blocks import Paragraph
from harness.document.segments import Segment
from harness.files import write_bytes
from harness.records import Item, Label, Results
from harness.report import document
from harness.report.article import Card, Line, Links
from harness.report.report import Report, build_report
from harness.signature import digest

FRONT = "report.html"
FOLDER = "report"
"""Folder next to the front page, with a page for each article."""

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST = 60
_OURS = "<!-- written by harness -->\n"
_SEE_ALSO = "All of this is also in manifest.json, next to this report."


def write(results: Results, folder: Path) -> None:
    """Write the report into the run's folder, replacing an earlier one."""
    run_report = build_report(results)
    names = {} if run_report.fits_one_page else _name_pages(run_report.items)
    links = Links(pages=tuple(f"{FOLDER}/{name}" for name in names))
    _save(folder / FRONT, render("report.html.j2", build_front(run_report, links)))
    _remove_old(folder / FOLDER, names)
    if not names:
        return
    (folder / FOLDER).mkdir(exist_ok=True)
    links = Links(f"../{FRONT}", tuple(names))
    with progress.bar("report", len(names)) as advance:
        for number, name in enumerate(names):
            page = render("article.html.j2", build_article(run_report, number, links))
            _save(folder / FOLDER / name, page + _OURS)
            advance(1)


def _name_pages(items: Sequence[Item]) -> dict[str, Item]:
    """Map file names to articles, in order. A name ends in a hash if it is not the article's id or is already taken."""
    names: dict[str, Item] = {}
    taken: set[str] = set()
    for item in items:
        name = _UNSAFE.sub("-", item.article.id)[:_LONGEST].strip("-")
        if not name or name != item.article.id or name.casefold() in taken:
            name = f"{name}-{digest(item.article.id)[:8]}".lstrip("-")
        taken.add(name.casefold())
        names[f"{name}.html"] = item
    return names


def _save(path: Path, page: str) -> None:
    write_bytes(path, page.encode("utf-8", "backslashreplace"))


def _remove_old(folder: Path, names: Container[str]) -> None:
    """Remove pages of articles that the run no longer has; keep files that harness did not write."""
    for path in folder.glob("*.html"):
        if path.name not in names and path.is_file() and path.read_bytes().endswith(_OURS.encode()):
            path.unlink()


# Rendering ------------------------------------------------------------------------------------------------------------


def render(template: str, values: Mapping[str, Any]) -> str:
    return html.render_page(make_environment(), template, values)


def build_front(run_report: Report, links: Links, first: int = 0) -> dict[str, Any]:
    """Return the values for ``report.html.j2``. If ``links`` has no pages for the articles, the front page shows them.

    ``first`` is the index in the run of the first article shown.
    """
    return {
        "report": run_report,
        "document": document.build_front(run_report, links, first),
        "appendix": [*document.build_appendix(run_report), Paragraph(_SEE_ALSO, "quiet")],
        "pages": [] if links.pages else list(run_report.pages),
        "links": links,
        "script": make_environment().get_template("report.js.j2").render(),
    }


def build_article(run_report: Report, number: int, links: Links) -> dict[str, Any]:
    """Return the values for ``article.html.j2``. ``number`` is the index of the article in the run."""
    return {"report": run_report, "page": run_report.page(number), "number": number, "links": links}


@cache
def make_environment() -> Environment:
    jinja = html.make_environment("harness.report")
    jinja.globals |= {"flags": _list_flags, "marks": _list_classes}
    return jinja


def _list_classes(card: Card, segment: Segment) -> str:
    """List the CSS classes of a segment of a summary: one for each claim and each decided fact that covers it."""
    names = []
    for index in segment.covering:
        if index < len(card.claims):
            names.append(f"said-{card.claims[index].label}")
        elif (label := card.facts[index - len(card.claims)].label) in ("supported", "contradicted"):
            names.append(f"fact-{label}")
    return " ".join(dict.fromkeys(names))


def _list_flags(card: Card, segment: Segment) -> list[tuple[Line, Label]]:
    """List the lines to flag at the end of a segment: unsupported claims, and facts stated or contradicted."""
    ended = [(card.claims + card.facts)[index] for index in segment.closing]
    claims = [line for line in ended if line.use == "grounding" and line.label != "supported"]
    facts = [line for line in ended if line.use == "coverage" and line.label in ("supported", "contradicted")]
    return [(line, line.label) for line in (*claims, *facts)]

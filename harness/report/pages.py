"""The report as HTML pages: one file or, if there are many articles, a front page and a page for each article.

The pages load nothing, escape all names and texts, and work without scripts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment

from harness import progress
from harness.document import html
from harness.document.blocks import Paragraph
from harness.files import write_text
from harness.records import Results
from harness.report import document
from harness.report.article import Links
from harness.report.report import Report, build_report
from harness.signature import digest

FRONT = "report.html"
FOLDER = "report"
"""Folder next to the front page, with a page for each article."""

_MAX_NAME = 60
"""Maximum number of characters of an article's id in its page's file name."""
_MARKER = "<!-- written by harness -->\n"
"""Last line of each article's page, so that harness recognises and removes old pages."""


def as_html(results: Results) -> str:
    """Render the report as one page, however many articles there are."""
    return render("report.html.j2", build_front(build_report(results), Links()))


def write(results: Results, folder: Path) -> None:
    """Write the report into the run's folder, replacing an earlier one."""
    run_report = build_report(results)
    names = [] if run_report.fits_one_page else [_name_page(item.article.id) for item in run_report.items]
    links = Links(pages=tuple(f"{FOLDER}/{name}" for name in names))
    write_text(folder / FRONT, render("report.html.j2", build_front(run_report, links)))
    for path in (folder / FOLDER).glob("*.html"):  # remove old pages, but no file that harness did not write
        if path.name not in names and path.is_file() and path.read_bytes().endswith(_MARKER.encode()):
            path.unlink()
    if not names:
        return
    (folder / FOLDER).mkdir(exist_ok=True)
    links = Links(f"../{FRONT}", tuple(names))
    with progress.bar("report", len(names)) as advance:
        for number, name in enumerate(names):
            page = render("article.html.j2", build_article(run_report, number, links))
            write_text(folder / FOLDER / name, page + _MARKER)
            advance(1)


def _name_page(article: str) -> str:
    """Name the file of an article: the safe characters of its id, and a hash that no other article shares."""
    safe = re.sub(r"[^A-Za-z0-9_-]+", "-", article)[:_MAX_NAME].strip("-")
    return f"{safe}-{digest(article)[:8]}.html".lstrip("-")


# Rendering ------------------------------------------------------------------------------------------------------------


def render(template: str, values: Mapping[str, Any]) -> str:
    return html.render_page(make_environment(), template, values)


def build_front(run_report: Report, links: Links) -> dict[str, Any]:
    """Return the values for ``report.html.j2``, which shows the articles too, unless ``links`` has pages for them."""
    see_also = Paragraph("All of this is also in manifest.json, next to this report.", "quiet")
    return {
        "report": run_report,
        "document": document.build_front(run_report, links),
        "appendix": [*document.build_appendix(run_report), see_also],
        "pages": [] if links.pages else [run_report.page(number) for number in run_report.shown],
        "links": links,
        "script": make_environment().get_template("report.js.j2").render(),
    }


def build_article(run_report: Report, number: int, links: Links) -> dict[str, Any]:
    """Return the values for ``article.html.j2``. ``number`` is the index of the article in the run."""
    return {"report": run_report, "page": run_report.page(number), "number": number, "links": links}


@cache
def make_environment() -> Environment:
    return html.make_environment("harness.report")

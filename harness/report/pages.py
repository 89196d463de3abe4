"""The report in a run's folder: one file or, if there are many articles, a front page and a page for each article."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from pathlib import Path

from harness import progress
from harness.files import write_bytes
from harness.records import Item, Results
from harness.report import html
from harness.report.links import Links
from harness.report.report import report
from harness.signature import digest

FRONT = "report.html"
FOLDER = "report"
"""Folder next to the front page, with a page for each article."""

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST = 60
_OURS = "<!-- written by harness -->\n"


def write(results: Results, folder: Path) -> None:
    """Write the report into the run's folder, replacing an earlier one."""
    run_report = report(results)
    names = {} if run_report.together else _name_pages(run_report.items)
    links = Links(pages=tuple(f"{FOLDER}/{name}" for name in names))
    _save(folder / FRONT, html.page("report.html.j2", html.front(run_report, links)))
    _remove_old(folder / FOLDER, names)
    if not names:
        return
    (folder / FOLDER).mkdir(exist_ok=True)
    links = Links(f"../{FRONT}", tuple(names))
    with progress.bar("report", len(names)) as advance:
        for number, name in enumerate(names):
            _save(folder / FOLDER / name, html.page("article.html.j2", html.article(run_report, number, links)) + _OURS)
            advance(1)


def _name_pages(items: Sequence[Item]) -> dict[str, Item]:
    """Map file names to articles, in order. A name that had to be changed or is taken ends in a hash."""
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

"""The report in a run's folder: one file, or of many articles a first page and a page an article."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Sequence
from pathlib import Path

from harness import progress, provenance
from harness.files import write_bytes
from harness.records import Check, Item, Results, Verdict
from harness.report import html
from harness.report.links import Links
from harness.report.report import Report, report
from harness.signature import digest

FRONT = "report.html"
FOLDER = "report"
"""Beside the first page: a page an article."""

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST = 60
_MADE_OF = "<!-- made of {} -->\n"


def write(results: Results, folder: Path, judging_url: str = "") -> None:
    """Write the report; of the articles' pages only those that would show something else than they do.

    ``judging_url``: where a reader may overrule a verdict; empty where nothing is listening.
    """
    run_report = report(results)
    pages = {} if run_report.together else _names(run_report.items)
    links = Links(pages=tuple(f"{FOLDER}/{name}" for name in pages), judging_url=judging_url)
    _save(folder / FRONT, html.page("report.html.j2", html.front(run_report, links)))
    _forget(folder / FOLDER, pages)
    if pages:
        (folder / FOLDER).mkdir(exist_ok=True)
        _write_articles(run_report, Links(f"../{FRONT}", tuple(pages), judging_url), folder / FOLDER)


def _names(items: Sequence[Item]) -> dict[str, Item]:
    """File name → article, in order; a name that had to be changed, or is another's, has a hash at its end."""
    names: dict[str, Item] = {}
    taken: set[str] = set()
    for item in items:
        name = _UNSAFE.sub("-", item.article.id)[:_LONGEST].strip("-")
        if not name or name != item.article.id or name.casefold() in taken:
            name = f"{name}-{digest(item.article.id)[:8]}".lstrip("-")
        taken.add(name.casefold())
        names[f"{name}.html"] = item
    return names


def _write_articles(run_report: Report, links: Links, folder: Path) -> None:
    with progress.bar("report", len(links.pages)) as advance:
        for number, name in enumerate(links.pages):
            mark = _MADE_OF.format(_made_of(run_report, number, links))
            if not _tail(folder / name).endswith(mark.encode()):
                page = html.page("article.html.j2", html.article(run_report, number, links))
                _save(folder / name, page + mark)
            advance(1)


def _save(path: Path, page: str) -> None:
    write_bytes(path, page.encode("utf-8", "backslashreplace"))


def _forget(folder: Path, names: Container[str]) -> None:
    """Remove the pages of articles that the run no longer has; what is not ours stays."""
    ours = re.compile(re.escape(_MADE_OF).replace(r"\{\}", "[0-9a-f]{64}").encode())
    for path in folder.glob("*.html"):
        if path.name not in names and ours.search(_tail(path)):
            path.unlink()


def _tail(path: Path) -> bytes:
    """The last bytes of a file; none where it cannot be read."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - 200))
            return file.read()
    except OSError:
        return b""


# What a page is made of: cheaper to look at than to write, for hundreds of pages ------------------------------------


def _made_of(run_report: Report, number: int, links: Links) -> str:
    """A hash of all that the page of an article shows."""
    content = hashlib.sha256(provenance.code().encode())
    item = run_report.items[number]
    run = run_report.run
    beside = links.pages[max(0, number - 1) : number + 2]
    content.update(repr((run.title, run.banner, run.trust.short, beside, len(links.pages), links.judging_url)).encode())
    content.update(repr((item, [system.name for system in run_report.systems])).encode("utf-8", "backslashreplace"))
    for system in run_report.systems:
        for summary in run_report.index.summaries(system.name, item):
            content.update(repr(summary).encode("utf-8", "backslashreplace"))
            checks = (*run_report.index.coverage(summary).values(), *run_report.index.grounding(summary))
            shown = [_shown(check, run_report.index.own(check)) for check in checks]
            content.update(repr(shown).encode("utf-8", "backslashreplace"))
    return content.hexdigest()


def _shown(check: Check, own: Verdict | None) -> tuple[object, ...]:
    """What a page shows of a verdict, and of the verifier's ``own`` where people judged.

    Flat: a record's own ``repr`` takes ten times as long.
    """
    claim = check.claim
    stated = (check.target, check.hypothesis, claim and claim.start, claim and claim.end)
    return (*stated, *_given(check.verdict), *(_given(own) if own else ()))


def _given(verdict: Verdict) -> tuple[object, ...]:
    given, at = verdict.probabilities, verdict.evidence
    return (
        verdict.label, given.supported, given.contradicted, at and at.start, at and at.end, verdict.reason,
        verdict.verifier, verdict.differences and repr(verdict.differences),
    )  # fmt: skip  # one record

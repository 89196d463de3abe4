"""A report of many articles: a first page, and a page for each article."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import memory_run
import pytest
from report_page import parse

from harness.records import Results
from harness.report import pages
from harness.report.report import build_report

ARTICLES = ("a", "b", "B", "c/d")


@pytest.fixture
def paged_results(monkeypatch: pytest.MonkeyPatch) -> Results:
    """Two systems on four articles, which are too many for one page."""
    monkeypatch.setattr("harness.report.report.TOGETHER", 0)
    verdicts = {name: {article: ["supported", "contradicted"] for article in ARTICLES} for name in ("one", "two")}
    return memory_run.run(verdicts, ("essential",))  # type: ignore[arg-type]  # labels, as plain strings


def list_pages(folder: Path) -> list[str]:
    return [path.name for path in (folder / "report").iterdir()]


def test_each_article_has_a_page_and_every_link_leads_somewhere(paged_results: Results, tmp_path: Path) -> None:
    pages.write(paged_results, tmp_path)
    names = list_pages(tmp_path)
    assert len({name.casefold() for name in names}) == len(ARTICLES)
    files = [tmp_path / "report.html", *(tmp_path / "report" / name for name in names)]
    trees = {path: parse(path.read_text("utf-8")) for path in files}
    for path, tree in trees.items():
        for address in {element.attributes.get("href", "data:,") for element in tree.all()} - {"data:,"}:
            target, _, place = address.partition("#")
            found = trees[(path.parent / target).resolve() if target else path]
            assert not place or any(element.attributes.get("id") == place for element in found.all()), address


def test_the_first_page_has_a_row_for_each_article(paged_results: Results, tmp_path: Path) -> None:
    pages.write(paged_results, tmp_path)
    page = (tmp_path / "report.html").read_text("utf-8")
    assert page.count(">1/2 ✗1</bdi></a></td>") == 2 * len(ARTICLES)
    assert 'class="card"' not in page


def test_pages_of_removed_articles_are_deleted_and_other_files_stay(paged_results: Results, tmp_path: Path) -> None:
    pages.write(paged_results, tmp_path)
    own = tmp_path / "report" / "notes.html"
    own.write_text("my notes", "utf-8")
    fewer = replace(paged_results, items=paged_results.items[:2])
    pages.write(fewer, tmp_path)
    assert sorted(list_pages(tmp_path)) == ["a.html", "b.html", "notes.html"]


def test_few_articles_go_into_one_file(paged_results: Results, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("harness.report.report.TOGETHER", 2_000)
    pages.write(paged_results, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    assert build_report(paged_results).fits_one_page

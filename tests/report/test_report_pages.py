"""A report of many articles: a first page, a page an article, and only what changed is written again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import judged_run
import pytest

from harness.records import Results
from harness.report import pages
from harness.report.report import report
from report.test_html_report import parsed

ARTICLES = ("a", "b", "B", "c/d")


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> Results:
    """Two systems on four articles, which are too many for one page."""
    monkeypatch.setattr("harness.report.report.TOGETHER", 0)
    verdicts = {name: {article: ["supported", "contradicted"] for article in ARTICLES} for name in ("one", "two")}
    return judged_run.run(verdicts, ("essential",))  # type: ignore[arg-type]  # labels, as plain strings


def written(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in (folder / "report").iterdir()}


def test_each_article_has_a_page_and_the_pages_lead_to_one_another(many: Results, tmp_path: Path) -> None:
    pages.write(many, tmp_path)
    names = list(written(tmp_path))
    assert len({name.casefold() for name in names}) == len(ARTICLES)
    files = [tmp_path / "report.html", *(tmp_path / "report" / name for name in names)]
    trees = {path: parsed(path.read_text("utf-8")) for path in files}
    for path, tree in trees.items():
        for address in {element.attributes.get("href", "data:,") for element in tree.all()} - {"data:,"}:
            target, _, place = address.partition("#")
            found = trees[(path.parent / target).resolve() if target else path]
            assert not place or any(element.attributes.get("id") == place for element in found.all()), address


def test_the_first_page_has_a_row_an_article(many: Results, tmp_path: Path) -> None:
    pages.write(many, tmp_path)
    page = (tmp_path / "report.html").read_text("utf-8")
    assert page.count(">1/2 ✗1</bdi></a></td>") == 2 * len(ARTICLES)
    assert 'class="card"' not in page


def test_only_a_page_that_would_show_something_else_is_written_again(many: Results, tmp_path: Path) -> None:
    pages.write(many, tmp_path)
    before = written(tmp_path)
    again = replace(many, manifest=replace(many.manifest, started="2026-11-26T10:00:00+00:00"))
    pages.write(again, tmp_path)
    assert written(tmp_path) == before

    checks = list(many.checks)
    at = next(place for place, check in enumerate(checks) if check.article_id == "b")
    checks[at] = replace(checks[at], verdict=replace(checks[at].verdict, reason="for another reason"))
    pages.write(replace(many, checks=checks), tmp_path)
    assert [name for name, time in written(tmp_path).items() if time != before[name]] == ["b.html"]
    assert "for another reason" in (tmp_path / "report" / "b.html").read_text("utf-8")


def test_a_page_is_written_again_where_the_verdict_changed_that_a_person_overruled(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It shows what the verifier said beside what the person says."""
    monkeypatch.setattr("harness.report.report.TOGETHER", 0)
    lost, kept = (judged_run.run({"m": {"a": [label], "b": ["absent"]}}) for label in ("absent", "supported"))
    labels = (judged_run.annotation(judged_run.questions(lost)["m", "a", "f0"], "contradicted"),)
    pages.write(replace(lost, labels=labels), tmp_path)
    before = written(tmp_path)
    pages.write(replace(kept, labels=labels), tmp_path)
    assert [name for name, time in written(tmp_path).items() if time != before[name]] == ["a.html"]
    assert "judged by ada; lexical: kept" in (tmp_path / "report" / "a.html").read_text("utf-8")


def test_pages_of_articles_that_went_are_removed_and_what_is_not_ours_stays(many: Results, tmp_path: Path) -> None:
    pages.write(many, tmp_path)
    own = tmp_path / "report" / "notes.html"
    own.write_text("my notes", "utf-8")
    fewer = replace(many, items=many.items[:2])
    pages.write(fewer, tmp_path)
    assert sorted(written(tmp_path)) == ["a.html", "b.html", "notes.html"]


def test_a_page_that_was_cut_off_is_written_again(many: Results, tmp_path: Path) -> None:
    pages.write(many, tmp_path)
    page = tmp_path / "report" / "a.html"
    whole = page.read_bytes()
    page.write_bytes(whole[:1000])
    pages.write(many, tmp_path)
    assert page.read_bytes() == whole


def test_few_articles_stand_in_one_file(many: Results, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("harness.report.report.TOGETHER", 2_000)
    pages.write(many, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    assert report(many).together

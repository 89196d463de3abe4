from __future__ import annotations

import shutil

import pytest
from filelock import FileLock
from viewing import Viewer, interrupt, read_page

from harness.data.runs.results import RunFolder
from harness.report import report
from harness.view import runs


def test_run_page_is_the_report(viewer: Viewer) -> None:
    page = viewer.get("/runs/small/")
    assert "Leaderboard" in read_page(page)
    assert "Bridge closed after crack is found" in read_page(page)
    assert "no-referrer" not in page.text, "browsers would send no origin, and writes would be refused"


def test_page_shows_the_current_files(viewer: Viewer) -> None:
    pages = ("/runs/small/articles/bridge", "/articles/bridge")
    assert "crack was 13" not in read_page(viewer.get(pages[0]))
    viewer.facts.write_text(viewer.facts.read_text("utf-8").replace("crack was 12", "crack was 13"), "utf-8")
    assert all("crack was 13" in read_page(viewer.get(page)) for page in pages)


@pytest.mark.parametrize("file", ["summaries.jsonl", "verdicts.jsonl"])
def test_corrupt_record_is_named_with_file_and_line(viewer: Viewer, file: str) -> None:
    path = viewer.run / file
    first, *others = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([first, '{"half": ', *others]) + "\n", "utf-8")
    response = viewer.get("/runs/small/")
    assert response.status_code == 409
    assert f"results/small/{file}:2: " in read_page(response)


def test_deleted_runs_and_unknown_pages_return_404(viewer: Viewer) -> None:
    assert viewer.get("/runs/small/").status_code == 200
    for path in ("/runs/small/articles/nothing", "/articles/nothing", "/nothing"):
        assert viewer.get(path).status_code == 404
    shutil.rmtree(viewer.run)
    for path in ("/runs/small/", "/runs/small/articles/bridge"):
        assert viewer.get(path).status_code == 404


def test_articles_of_a_run_are_paged(viewer: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    """With one article on a page, each page links to its article; none says that articles are left out."""
    for module in (runs, report):
        monkeypatch.setattr(module, "MAX_ARTICLES", 1)
    first, second = (viewer.get(f"/runs/small/?page={page}").text for page in (1, 2))
    assert "/runs/small/articles/bridge#" in first
    assert "/runs/small/articles/flood#" not in first
    assert "/runs/small/articles/flood#" in second
    assert 'href="/runs/small/?page=2#articles"' in first
    assert not any("only the first" in page for page in (first, second))
    assert 'href="/runs/small/articles/bridge" rel="prev"' in viewer.get("/runs/small/articles/flood").text


@pytest.fixture
def unfinished_run(viewer: Viewer) -> RunFolder:
    """The run after its first summary was made."""
    run = RunFolder(viewer.run)
    interrupt(run)
    return run


def test_running_run_shows_its_progress(viewer: Viewer, unfinished_run: RunFolder) -> None:
    """A half-written line does not count."""
    with unfinished_run.summaries.path.open("ab") as file:
        file.write(b'{"system": "lead", "arti')
    with FileLock(unfinished_run.path / ".lock"):
        page = viewer.get("/runs/small/")
        assert "Summaries 1 of 4 Verdicts 0 of 4" in read_page(page)
        assert '<div id="live"' in page.text
        assert "running" in read_page(viewer.get("/"))


def test_killed_run_is_reported_as_interrupted(viewer: Viewer, unfinished_run: RunFolder) -> None:
    assert "interrupted" in read_page(viewer.get("/runs/small/"))
    assert "Leaderboard" in read_page(viewer.get("/runs/small/"))

"""The queue of suggested facts: accept, edit, drop, undo, refuse."""

from __future__ import annotations

import html
import re
from pathlib import Path

import httpx2
import pytest
from viewing import Viewer, read_page

from harness.data import facts

SUGGESTED = """\
facts:
  - id: three-metres   # read the gauge again
    statement: It rose three metres.
    kind: number
    evidence: The river Alda rose three metres on Friday.
    unreviewed: true
  - id: forty-houses
    statement: Forty houses were emptied.
    evidence: Forty houses were emptied.
    unreviewed: true
"""


@pytest.fixture
def flood(viewer: Viewer) -> Path:
    """The facts of the article ``flood``, two of them unreviewed."""
    path = viewer.project / "references" / "flood" / "facts.yaml"
    path.write_text(SUGGESTED, "utf-8")
    return path


def form_of(page: httpx2.Response) -> dict[str, str]:
    form = page.text.partition('id="review"')[2]
    fields = dict(re.findall(r'type="hidden" name="(article|fact|version)" value="([^"]*)"', form))
    statement = re.search(r"<textarea[^>]*>(.*?)</textarea>", form)
    assert statement
    return {**fields, "statement": html.unescape(statement[1]), "importance": "supporting", "kind": "event"}


def press(viewer: Viewer, do: str, at: str = "/review", **typed: str) -> httpx2.Response:
    """Press a button of the page and follow the redirect."""
    sent = viewer.post(at, **{**form_of(viewer.get(at)), "do": do, **typed})
    return viewer.get(sent.headers["location"]) if sent.status_code == 303 else sent


def statements(path: Path) -> dict[str, bool]:
    """Whether each statement is unreviewed."""
    return {fact.statement: fact.unreviewed for fact in facts.read(path, None).require()}


def test_queue_shows_a_suggestion_with_its_evidence(viewer: Viewer, flood: Path) -> None:
    page = viewer.get("/review")
    assert "2 to review" in read_page(page)
    assert "<mark>The river Alda rose three metres on Friday.</mark>" in page.text
    assert "begins with a pronoun" in read_page(page)


def test_accept_saves_the_edited_statement(viewer: Viewer, flood: Path) -> None:
    page = press(viewer, "accept", statement="The river Alda rose three metres.", kind="number")
    assert "1 to review" in read_page(page)
    assert statements(flood) == {"The river Alda rose three metres.": False, "Forty houses were emptied.": True}
    assert "# read the gauge again" in flood.read_text("utf-8")


def test_undo_restores_step_by_step(viewer: Viewer, flood: Path) -> None:
    press(viewer, "drop")
    page = press(viewer, "accept")
    assert "No suggested facts to review" in read_page(page)
    assert statements(flood) == {"Forty houses were emptied.": False}
    for _ in range(2):
        assert viewer.post("/review", article="flood", do="undo").status_code == 303
    assert flood.read_text("utf-8") == SUGGESTED
    assert viewer.post("/review", article="flood", do="undo").status_code == 409


def test_queue_can_be_skipped_through_and_limited_to_one_article(viewer: Viewer, flood: Path) -> None:
    assert "Forty houses" in form_of(viewer.get("/review?skip=1"))["statement"]
    assert "It rose" in form_of(viewer.get("/review?skip=2"))["statement"]
    assert "2 to review" in read_page(viewer.get("/review?only=flood"))
    assert "No suggested facts to review in this article" in read_page(viewer.get("/review?only=bridge"))
    assert 'aria-label="Review 2 of flood"' in viewer.get("/articles").text


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"statement": " "}, "write text"),
        ({"importance": "vital"}, "importance"),
        ({"version": "old"}, "changed since"),
    ],
)
def test_invalid_review_is_refused(viewer: Viewer, flood: Path, typed: dict[str, str], message: str) -> None:
    page = press(viewer, "accept", **{"statement": "The river rose.", **typed})
    assert page.status_code == 409
    assert message in read_page(page)
    assert flood.read_text("utf-8") == SUGGESTED

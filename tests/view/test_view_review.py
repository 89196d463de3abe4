"""The queue of suggested facts: accepted, mended or dropped, taken back, and what is refused."""

from __future__ import annotations

import re
from pathlib import Path

import httpx2
import pytest
from viewing import Viewer, words

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
    """The facts of the article ``flood``: two that nobody has reviewed."""
    path = viewer.project / "references" / "flood" / "facts.yaml"
    path.write_text(SUGGESTED, "utf-8")
    return path


def shown(response: httpx2.Response) -> dict[str, str]:
    """The fields that the buttons of a page send along."""
    fields = dict(re.findall(r'type="hidden" name="(article|fact|version)" value="([^"]*)"', response.text))
    statement = re.search(r"<textarea[^>]*>(.*?)</textarea>", response.text)
    assert statement
    return {**fields, "statement": statement[1], "importance": "supporting", "kind": "event"}


def answer(viewer: Viewer, do: str, at: str = "/review", **typed: str) -> httpx2.Response:
    """Press a button of the page, and follow where it leads."""
    sent = viewer.post(at, **{**shown(viewer.get(at)), "do": do, **typed})
    return viewer.get(sent.headers["location"]) if sent.status_code == 303 else sent


def known(path: Path) -> dict[str, tuple[str, bool]]:
    """Id → statement, and whether nobody has reviewed it."""
    return {fact.id: (fact.statement, fact.unreviewed) for fact in facts.read(path, None).require()}


def test_only_what_nobody_reviewed_waits_with_its_evidence_marked(viewer: Viewer, flood: Path) -> None:
    page = viewer.get("/review")
    assert "2 to review" in words(page)
    assert "<mark>The river Alda rose three metres on Friday.</mark>" in page.text
    assert "begins with a pronoun" in words(page)
    assert "has 0 contradictions" not in words(page)  # a suggestion has none yet


def test_accept_takes_the_statement_as_it_was_mended_and_leaves_the_rest_of_the_file(
    viewer: Viewer, flood: Path
) -> None:
    page = answer(
        viewer, "accept", statement="The river Alda rose three metres.", importance="essential", kind="number"
    )
    assert "1 to review, 1 reviewed" in words(page)
    assert flood.read_text("utf-8").startswith(
        "facts:\n  - id: three-metres   # read the gauge again\n"
        "    statement: The river Alda rose three metres.\n    importance: essential\n    kind: number\n"
    )
    assert known(flood) == {
        "three-metres": ("The river Alda rose three metres.", False),
        "forty-houses": ("Forty houses were emptied.", True),
    }


def test_drop_removes_it_and_undo_brings_everything_back(viewer: Viewer, flood: Path) -> None:
    """One answer after the other, the last first."""
    answer(viewer, "drop")
    page = answer(viewer, "accept")
    assert "No suggested facts to review" in words(page)
    assert known(flood) == {"forty-houses": ("Forty houses were emptied.", False)}
    for fact in ("forty-houses", "three-metres"):
        viewer.post("/review", article="flood", fact=fact, do="undo")
    assert flood.read_text("utf-8") == SUGGESTED
    assert viewer.post("/review", article="flood", fact="three-metres", do="undo").status_code == 409


def test_next_leaves_a_suggestion_in_the_queue(viewer: Viewer, flood: Path) -> None:
    assert "Forty houses" in shown(viewer.get("/review?at=1"))["statement"]
    assert "It rose" in shown(viewer.get("/review?at=2"))["statement"]
    assert known(flood)["three-metres"][1]


def test_of_one_article_only_its_suggestions_wait(viewer: Viewer, flood: Path) -> None:
    assert "2 to review" in words(viewer.get("/review?only=flood"))
    assert "No suggested facts to review in this article" in words(viewer.get("/review?only=bridge"))
    assert 'aria-label="Review 2 of flood"' in viewer.get("/articles").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [({"statement": " "}, "write text"), ({"importance": "vital"}, "importance"), ({"version": "old"}, "changed")],
)
def test_what_cannot_be_saved_is_said_and_nothing_is_written(
    viewer: Viewer, flood: Path, typed: dict[str, str], said: str
) -> None:
    page = answer(viewer, "accept", **{"statement": "The river rose.", **typed})
    assert page.status_code == 409
    assert "Nothing was written." in words(page)
    assert said in words(page)
    assert flood.read_text("utf-8") == SUGGESTED


def test_a_fact_that_is_saved_in_the_whole_form_is_reviewed(viewer: Viewer, flood: Path) -> None:
    page = viewer.get("/articles/flood/facts/forty-houses")
    version = re.search(r'name="version" value="([^"]*)"', page.text)
    assert version
    fields = {"fact": "forty-houses", "version": version[1], "id": "forty-houses", "run": "-", "do": "save"}
    saved = viewer.post("/articles/flood/facts", **fields, statement="Forty houses were emptied.", kind="number")
    assert saved.status_code == 303
    assert known(flood)["forty-houses"] == ("Forty houses were emptied.", False)

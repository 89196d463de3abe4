"""The article pages, the form that saves, removes and restores facts, and the review of suggested facts."""

from __future__ import annotations

import html
import re
import shutil
import sys
from pathlib import Path

import httpx2
import pytest
import viewing
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st
from viewing import Viewer, open_viewer, read_page, read_statements, wait_until

from harness import config, files, pipeline
from harness.data import facts as facts_file
from harness.errors import ModelError
from harness.records import Article, Fact, Span
from harness.text import paragraphs
from harness.view import articles
from harness.view.fact_form import mark_article

PAGE = "/articles/bridge"
NEW = {
    "statement": "Buses take another way until June.",
    "evidence": "Buses will take another way until June",
    "importance": "detail",
    "kind": "date",
    "do": "save",
}


def fact_ids(viewer: Viewer) -> list[str]:
    return [fact.id for fact in facts_file.read(viewer.facts, None).facts]


def read_form(page: str, name: str = "fact") -> dict[str, str]:
    """A form as a browser would send it back unchanged."""
    form = page.partition(f'id="{name}"')[2].partition("</form>")[0]
    inputs = re.findall(r'<input[^>]* name="(\w+)" value="([^"]*)"', form)
    areas = re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>(.*?)</textarea>', form, re.DOTALL)
    choices = re.findall(r'<select[^>]* name="(\w+)">.*?<option[^>]* selected>(\w+)', form, re.DOTALL)
    return {name: html.unescape(value) for name, value in (*inputs, *areas, *choices)} | {"do": "save"}


def open_fact(viewer: Viewer, fact: str = "crack-size") -> dict[str, str]:
    return read_form(viewer.get(f"{PAGE}/facts/{fact}").text)


# The list -------------------------------------------------------------------------------------------------------------


def test_articles_of_a_run_link_to_their_facts(viewer: Viewer) -> None:
    assert "/articles?run=small" in viewer.get("/runs/small/").text
    assert 'href="/articles/bridge"' in viewer.get("/articles?run=small").text
    shutil.rmtree(viewer.project / "references")
    assert "None of the run's articles" in read_page(viewer.get("/articles?run=small"))
    assert "harness articles import" in read_page(viewer.get("/articles"))
    assert viewer.get("/articles?run=nothing").status_code == 404


def test_article_list_is_paged(viewer: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(articles, "ARTICLES_PER_PAGE", 1)
    assert "Flood" not in read_page(viewer.get("/articles"))
    assert "Flood" in read_page(viewer.get("/articles?page=2"))
    for page in ("0", "99", "x", "-1", "9" * 50):
        assert viewer.get(f"/articles?page={page}").status_code == 200


@pytest.fixture
def archive(viewer: Viewer) -> Viewer:
    """A second folder of articles, with a run of its own."""
    viewing.write_article(viewer.project / "archive", "fire", "The mill of Ost burnt down. Two firemen were hurt.")
    text = viewing.CONFIG.replace("../references", "../archive").replace("small", "old")
    (viewer.project / "configs" / "old.yaml").write_text(text, "utf-8")
    pipeline.run(config.load(viewer.project / "configs" / "old.yaml"), use_cache=False)
    return viewer


def test_articles_of_another_folder_named_by_a_run_are_editable(archive: Viewer) -> None:
    assert "3 articles in references, archive" in read_page(archive.get("/articles"))
    fields = {"statement": "Two firemen were hurt.", "evidence": "Two firemen were hurt", "do": "save"}
    assert archive.post("/articles/fire", **fields).headers["location"] == "/articles/fire"
    assert "Two firemen were hurt." in (archive.project / "archive" / "fire" / "facts.yaml").read_text("utf-8")
    assert "Changed since old was scored: facts of fire." in read_page(archive.get("/articles/fire"))


def test_run_cannot_name_folders_outside_the_project(archive: Viewer, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("elsewhere")
    viewing.write_article(outside, "private", "A secret.")
    manifest = archive.project / "results" / "old" / "manifest.json"
    text = manifest.read_text("utf-8")
    assert '"../../archive"' in text
    manifest.write_text(text.replace('"../../archive"', f'"{outside}"'), "utf-8")
    assert "Private" not in read_page(archive.get("/articles"))


def test_first_of_two_articles_with_the_same_id_is_shown(viewer: Viewer) -> None:
    viewing.write_article(viewer.project / "drafts", "flood", "Another flood.")
    folders = (viewer.project / "drafts", viewer.project / "references")
    pages = [open_viewer(viewer.project, references=each).get("/articles/flood") for each in (folders, folders[::-1])]
    assert ["Another flood." in read_page(page) for page in pages] == [True, False]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse the name")
def test_article_with_a_name_that_is_not_utf8_is_listed_with_the_remedy(viewer: Viewer) -> None:
    viewer.facts.write_text(viewing.FACTS + "    unreviewed: true\n")
    viewer.facts.parent.rename(viewer.facts.parent.with_name("bridge\udce9"))
    assert "the folder's name is not UTF-8; rename the folder" in read_page(viewer.get("/articles"))


# The form -------------------------------------------------------------------------------------------------------------


def test_article_page_has_text_facts_and_references(viewer: Viewer) -> None:
    (viewer.facts.parent / "references" / "short.md").write_text("---\nauthor: Ann\n---\nIt is closed.\n", "utf-8")
    page, report = viewer.get(PAGE), viewer.get("/runs/small/")
    for part in ("found a crack of", "The crack was 12 centimetres. supporting, number ¶ 2", "References short · Ann"):
        assert part in read_page(page)
    assert "short · Ann" in read_page(report)
    assert '<p id="p3" class="bare">' in page.text


def test_saved_fact_is_appended_and_its_runs_can_be_rescored(viewer: Viewer) -> None:
    answer = viewer.post(PAGE, **NEW)
    assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
    assert fact_ids(viewer) == ["bridge-closed", "crack-size", "buses-take-another-way-until-june"]
    assert "# The editor's own comment." in viewer.facts.read_text()
    page = read_page(viewer.get(PAGE))
    assert "Buses take another way until June. detail, date ¶ 3" in page
    assert "Changed since small was scored: facts of bridge." in page
    assert viewer.post("/rescore", runs="small", back=PAGE).headers["location"] == PAGE
    wait_until(lambda: not viewer.context.rescoring.list_active(["small"]))
    assert "was scored" not in read_page(viewer.get(PAGE))


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"evidence": "Buses will take an other way"}, "the nearest passage is 'Buses will take another way'"),
        ({"statement": " "}, "statement: is ''; write text"),
        ({"statement": "the crack was 12 centimetres"}, "already says the same"),
        ({"importance": "vital"}, "importance: must be 'essential'"),
        ({"id": "two words"}, "without spaces"),
    ],
)
def test_invalid_fact_is_refused_and_the_form_kept(viewer: Viewer, typed: dict[str, str], message: str) -> None:
    before = viewer.facts.read_text()
    answer = viewer.post(PAGE, **{**NEW, **typed})
    assert answer.status_code == 409
    assert message in read_page(answer)
    assert "Buses will take an" in answer.text
    assert "data-unsaved" in answer.text
    assert viewer.facts.read_text() == before


def test_edit_keeps_the_rest_of_the_file(viewer: Viewer) -> None:
    assert viewer.post(PAGE, **{**open_fact(viewer), "importance": "detail"}).status_code == 303
    text = viewer.facts.read_text()
    assert "# The editor's own comment." in text
    assert text.count("importance: detail") == 1
    assert fact_ids(viewer) == ["bridge-closed", "crack-size"]


def test_concurrent_edit_is_refused_and_the_form_keeps_its_values(viewer: Viewer) -> None:
    first, second = open_fact(viewer), open_fact(viewer)
    viewer.post(PAGE, **{**first, "statement": "The crack was twelve centimetres long."})
    answer = viewer.post(PAGE, **{**second, "statement": "The crack measured 12 cm."})
    assert answer.status_code == 409
    assert "references/bridge/facts.yaml changed since you opened this page" in read_page(answer)
    assert "twelve centimetres long" in viewer.facts.read_text()
    assert read_form(answer.text)["statement"] == "The crack measured 12 cm."
    assert viewer.post(PAGE, **read_form(answer.text)).status_code == 303, "saving again overrides the warning"
    assert "The crack measured 12 cm." in viewer.facts.read_text()


def test_broken_facts_file_is_not_overwritten(viewer: Viewer) -> None:
    form = open_fact(viewer)
    broken = viewing.FACTS.replace("kind: number", "kind: number: big")
    viewer.facts.write_text(broken)
    pages = [viewer.get(path) for path in (PAGE, "/runs/small/", "/articles")]
    for answer in (viewer.post(PAGE, **form), viewer.post(PAGE, **NEW), *pages):
        assert "references/bridge/facts.yaml:1" in read_page(answer)
    assert "Buses take another way" in viewer.post(PAGE, **NEW).text
    assert viewer.facts.read_text() == broken


def press_undo(viewer: Viewer, page: httpx2.Response, at: str = PAGE, **fields: str) -> int:
    """Press the undo button of a page; returns the status."""
    [version, *_] = re.findall(r'name="version" value="(\w+)"', page.text)
    return viewer.post(at, do="undo", version=version, **fields).status_code


def test_undo_restores_the_exact_file_unless_it_changed_again(viewer: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LOCK_SECONDS", 0.1)
    before = viewer.facts.read_bytes()
    location = viewer.post(PAGE, **{**open_fact(viewer), "do": "remove"}).headers["location"]
    assert fact_ids(viewer) == ["bridge-closed"]
    assert "Last change: removed crack-size Undo" in read_page(viewer.get(location))
    page = viewer.get(location)
    assert press_undo(viewer, page) == 303
    assert viewer.facts.read_bytes() == before
    viewer.post(PAGE, **{**open_fact(viewer), "do": "remove"})
    page = viewer.get(location)
    with FileLock(viewer.facts.with_name(".facts.yaml.lock")):
        assert press_undo(viewer, page) == 409, "another program writes the file"
    changed = viewer.facts.read_text() + "# later\n"
    viewer.facts.write_text(changed)
    assert press_undo(viewer, page) == 409
    assert viewer.facts.read_text() == changed


def test_undo_refuses_a_change_of_another_window(viewer: Viewer) -> None:
    first = viewer.get(viewer.post(PAGE, **NEW).headers["location"])
    second = viewer.get(viewer.post(PAGE, **{**open_fact(viewer), "do": "remove"}).headers["location"])
    assert press_undo(viewer, first) == 409
    assert "crack-size" not in fact_ids(viewer)
    assert press_undo(viewer, second) == 303
    assert "crack-size" in fact_ids(viewer)


def test_sentence_button_fills_the_evidence(viewer: Viewer) -> None:
    [place] = re.findall(r'name="mark" value="([0-9-]+)"[^>]*Buses will take', viewer.get(PAGE).text)
    answer = viewer.post(PAGE, statement="Buses take another way.", mark=place)
    assert read_form(answer.text)["evidence"] == "Buses will take another way until June."
    assert "<mark>Buses will take another way until June.</mark>" in answer.text
    for odd in ("x-y", "5", "9-1", "0-99999999999999999999", "-1-4"):
        assert viewer.post(PAGE, statement="Buses.", mark=odd).status_code == 200


def test_suggested_false_versions_are_added_to_the_form(viewer: Viewer) -> None:
    answer = viewer.post(PAGE, **{**NEW, "do": "versions"})
    versions = re.findall(r'<button name="add" value="([^"]+)"', answer.text)
    assert any("until" in version and "June" not in version for version in versions)
    taken = viewer.post(PAGE, **{**NEW, "do": "", "add": html.unescape(versions[0])})
    assert read_form(taken.text)["contradictions"] == html.unescape(versions[0])


def test_suggested_facts_fill_the_form(viewer: Viewer) -> None:
    page = viewer.get(f"{PAGE}?suggest=1").text
    [query] = [link for link in re.findall(r'href="([^"]+statement=[^"]*)"', page) if "4+million" in link]
    filled = viewer.get(html.unescape(query).partition("#")[0])
    assert read_form(filled.text)["statement"] == "Mayor Ida Holm said the repair would cost 4 million crowns."
    assert "found in paragraph 3" in read_page(filled)


def test_failed_suggestions_say_why(viewer: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ModelError("the parser is missing")

    monkeypatch.setattr(articles, "suggest_facts", fail)
    monkeypatch.setattr(articles, "suggest_versions", fail)
    for page in (viewer.get(f"{PAGE}?suggest=1"), viewer.post(PAGE, **{**NEW, "do": "versions"})):
        assert page.status_code == 200
        assert "the parser is missing" in read_page(page)


def test_unreviewed_facts_link_to_the_review(viewer: Viewer) -> None:
    viewer.facts.write_text(viewing.FACTS + "    unreviewed: true\n")
    page = viewer.get(PAGE)
    assert "1 unreviewed fact. Review" in read_page(page)
    assert 'href="/review?only=bridge"' in page.text
    assert "The crack was 12 centimetres. supporting, number, unreviewed" in read_page(page)
    assert viewer.post(PAGE, **open_fact(viewer)).status_code == 303
    assert "unreviewed" not in read_page(viewer.get(PAGE)), "saving a fact reviews it"


def test_control_characters_in_evidence_survive_the_page(viewer: Viewer) -> None:
    """The page shows U+2067, the right-to-left isolate, as an escape."""
    text = "The mayor, \u2067Layla\u2069, resigned."
    path = viewing.write_article(viewer.project / "references", "isolated", text) / "facts.yaml"
    typed = {"statement": "The mayor resigned.", "evidence": "mayor, \\u2067Layla\\u2069, resigned"}
    assert viewer.post("/articles/isolated", **typed, do="save").status_code == 303
    [fact] = facts_file.read(path, Article("isolated", text)).require()
    assert (fact.evidence and fact.evidence.text) == "mayor, \u2067Layla\u2069, resigned"


def test_unknown_fact_is_an_error(viewer: Viewer) -> None:
    assert viewer.get(f"{PAGE}/facts/crack-siz").status_code == 409


# Marks in the article -------------------------------------------------------------------------------------------------

TEXT = "  - First, a mayor. She left.\n\nThe council sits on Friday.\n"


@given(st.text("ab. \n-*•“”。市\t", max_size=60), st.integers(0, 60), st.integers(1, 20), st.integers(0, 60))
def test_marked_paragraphs_keep_the_text(text: str, start: int, length: int, other: int) -> None:
    facts = [Fact("one", "One.", evidence=Span(start, start + length, text[start : start + length]))]
    marked = mark_article(Article("a", text), facts, Span(other, other + length, ""))
    texts = ["".join(piece.text for piece in paragraph.pieces) for paragraph in marked]
    assert texts == [span.text for span in paragraphs(text)]


def test_evidence_of_facts_and_of_the_form_is_marked() -> None:
    start = TEXT.index("a mayor")
    fact = Fact("mayor", "A mayor left.", evidence=Span(start, start + 7, "a mayor"))
    first, second = mark_article(Article("a", TEXT), [fact], Span(start + 2, start + 16, "mayor. She lef"))
    assert (first.is_bare, second.is_bare) == (False, True)
    assert [piece[:3] for piece in first.pieces] == [
        ("- ", (), False),
        ("First, ", (), False),
        ("a ", ("mayor",), False),
        ("mayor", ("mayor",), True),
        (".", (), True),
        (" ", (), False),
        ("She lef", (), True),
        ("t.", (), False),
    ]


# Review ---------------------------------------------------------------------------------------------------------------


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


def press(viewer: Viewer, do: str, at: str = "/review", **typed: str) -> httpx2.Response:
    """Press a button of the page and follow the redirect."""
    sent = viewer.post(at, **{**read_form(viewer.get(at).text, "review"), "do": do, **typed})
    return viewer.get(sent.headers["location"]) if sent.status_code == 303 else sent


def test_queue_shows_a_suggestion_with_its_evidence(viewer: Viewer, flood: Path) -> None:
    page = viewer.get("/review")
    assert "2 unreviewed" in read_page(page)
    assert "<mark>The river Alda rose three metres on Friday.</mark>" in page.text
    assert "begins with a pronoun" in read_page(page)


def test_accept_saves_the_edited_statement(viewer: Viewer, flood: Path) -> None:
    page = press(viewer, "accept", statement="The river Alda rose three metres.", kind="number")
    assert "1 unreviewed" in read_page(page)
    assert read_statements(flood) == {"The river Alda rose three metres.": False, "Forty houses were emptied.": True}
    assert "# read the gauge again" in flood.read_text("utf-8")


def test_undo_restores_step_by_step(viewer: Viewer, flood: Path) -> None:
    press(viewer, "drop")
    page = press(viewer, "accept")
    assert "No unreviewed facts" in read_page(page)
    assert read_statements(flood) == {"Forty houses were emptied.": False}
    for _ in range(2):
        assert press_undo(viewer, viewer.get("/review"), "/review", article="flood") == 303
    assert flood.read_text("utf-8") == SUGGESTED
    assert press_undo(viewer, page, "/review", article="flood") == 409


def test_queue_can_be_skipped_through_and_limited_to_one_article(viewer: Viewer, flood: Path) -> None:
    for skip, statement in ((1, "Forty houses"), (2, "It rose")):
        assert statement in read_form(viewer.get(f"/review?skip={skip}").text, "review")["statement"]
    assert "2 unreviewed" in read_page(viewer.get("/review?only=flood"))
    assert "No unreviewed facts in this article" in read_page(viewer.get("/review?only=bridge"))
    assert 'aria-label="Review 2 facts of flood"' in viewer.get("/articles").text


@pytest.mark.parametrize(
    ("typed", "message"),
    [({"statement": " "}, "write text"), ({"importance": "vital"}, "importance"), ({"version": "old"}, "changed")],
)
def test_invalid_review_is_refused(viewer: Viewer, flood: Path, typed: dict[str, str], message: str) -> None:
    page = press(viewer, "accept", **{"statement": "The river rose.", **typed})
    assert page.status_code == 409
    assert message in read_page(page)
    assert flood.read_text("utf-8") == SUGGESTED

"""Judging with the keyboard, in one window and in two at once."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect
from windows import Served, Window

from harness import pipeline
from harness.data import labels
from harness.records import Annotation
from harness.trust.labelling import AnnotationQueue, AnnotationSession, SubmittedLabel

pytestmark = pytest.mark.slow

JUDGE = "/runs/small/judge"


@pytest.fixture
def many(served: Served) -> Served:
    """A run with 32 pairs, judged anew."""
    facts = "".join(f"  - {{id: f{at}, statement: The bridge has {at} pillars.}}\n" for at in range(28))
    (served.project / "references" / "bridge" / "facts.yaml").write_text(f"facts:\n{facts}", "utf-8")
    pipeline.score(served.project / "results" / "small")
    return served


def kept(served: Served) -> list[Annotation]:
    files = sorted(Path(served.project, "references").glob("*/labels.jsonl"))
    return [line for file in files for line in labels.holding(labels.read(file))]


def press(page: Page, key: str) -> None:
    """A key that leads to another page."""
    page.wait_for_load_state()
    with page.expect_navigation():
        page.keyboard.press(key)


def begin(window: Window) -> Page:
    """Judge as Ada."""
    page = window.visit(JUDGE).page
    page.get_by_label("Your name").fill("ada")
    press(page, "Enter")
    return page


def test_twenty_verdicts_by_keyboard(many: Served) -> None:
    window = many.window()
    page = begin(window)
    keys = ["s", "c", "a", "k"] * 5
    stated = []
    for key in keys:
        stated.append(page.locator(".statement").inner_text())
        press(page, key)
    assert len(kept(many)) == 20
    assert len(set(stated)) == 20
    said = {line.hypothesis: line.label for line in kept(many)}
    words = {"s": "supported", "c": "contradicted", "a": "absent", "k": "uncertain"}
    assert [said[each] for each in stated] == [words[key] for key in keys]
    expect(page.get_by_text("15 of", exact=False)).to_be_visible()  # five could not be told

    press(page, "u")  # undo shows the pair again
    assert page.locator(".statement").inner_text() == stated[-1]
    page.keyboard.press("n")
    page.keyboard.type("as said: s c a")  # letters in the note are no answers
    page.keyboard.press("Escape")
    press(page, "s")
    assert {line.hypothesis: (line.label, line.note) for line in kept(many)}[stated[-1]] == (
        "supported",
        "as said: s c a",
    )

    before = page.locator(".statement").inner_text()
    press(page, "j")  # next, without a record
    assert page.locator(".statement").inner_text() != before
    assert len(kept(many)) == 20
    page.reload()
    expect(page.get_by_text("16 of", exact=False)).to_be_visible()
    assert window.serious() == []
    assert window.alarms == []


def test_two_windows_at_once_lose_nothing(many: Served) -> None:
    """Two people, turn by turn, each in a window of their own."""
    pages = {name: many.window().visit(f"{JUDGE}?by={name}").page for name in ("ada", "bob")}
    for _ in range(5):
        for page in pages.values():
            press(page, "a")
    names = [line.annotator for line in kept(many)]
    assert (names.count("ada"), names.count("bob")) == (5, 5)
    page = pages["ada"]
    page.goto(f"{many.address}/runs/small/agreement")
    expect(page.get_by_text("ada 5 and bob 5", exact=False)).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (820, "light"), (1280, "dark")])
def test_nothing_serious_is_found_at_any_width(many: Served, width: int, scheme: str) -> None:
    window = many.window(width, color_scheme=scheme)
    for path in (JUDGE, f"{JUDGE}?by=ada&sight=1", "/runs/small/agreement"):
        window.visit(path)
        assert window.serious() == []
        assert not window.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    window.visit(f"{JUDGE}?by=ada")
    press(window.page, "a")
    window.visit("/runs/small/agreement")
    assert window.serious() == []
    assert window.alarms == []


def test_nothing_serious_is_found_where_the_verifier_was_fitted_to_labels(many: Served) -> None:
    questions = AnnotationQueue([pipeline.read(many.project / "results" / "small")])
    answers = [
        SubmittedLabel(ask, "supported" if at % 2 else "absent") for at, ask in enumerate(questions.queued.values())
    ]
    AnnotationSession(questions, "ada").submit(answers)
    window = many.window()
    page = window.visit("/runs/small/agreement").page
    page.get_by_role("button", name="Fit lexical").click()
    expect(page.get_by_role("heading", name="Use it")).to_be_visible(timeout=120_000)
    shapes: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1280, "light"), (390, "dark"))
    for width, scheme in shapes:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert window.serious() == []
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert window.alarms == []


def test_without_scripts_the_buttons_do_the_same(many: Served) -> None:
    page = many.window(java_script_enabled=False).visit(f"{JUDGE}?by=ada").page
    page.locator("button[value=absent]").click()
    page.get_by_role("button", name="Undo").click()
    page.locator("button[value=supported]").click()
    assert [line.label for line in kept(many)] == ["supported"]


def test_a_verdict_is_corrected_by_a_key_where_it_is_seen(served: Served) -> None:
    """On the line that has the focus, or that the pointer moved to since. The label is not a blind one."""
    claim, fact = "#a0s0k0k1", "#a0s0k0f1"
    window = served.window()
    begin(window)
    page = window.visit(f"/runs/small/articles/bridge{claim}").page
    for key, word in (("c", "wrong"), ("s", "supported"), ("a", "not in the article")):
        expect(page.locator(claim)).to_be_focused()
        press(page, key)
        expect(page.locator(f"{claim} .chip").first).to_contain_text(word)
        expect(page.locator(claim)).to_contain_text("judged by ada")
    expect(page.locator(claim)).to_be_focused()
    page.locator(fact).hover()
    press(page, "c")
    expect(page.locator(f"{fact} .chip").first).to_contain_text("contradicted")
    assert sorted((each.use, each.label, each.shown.blind) for each in kept(served)) == [
        ("coverage", "contradicted", False),
        ("grounding", "absent", False),
    ]
    assert window.serious() == []
    assert window.alarms == []


def test_what_is_listed_as_lost_leads_to_the_verdict_that_a_key_overrules(many: Served) -> None:
    window = many.window()
    begin(window)
    page = window.visit("/runs/small/").page
    listed = page.locator("#wrong-0 a").first
    verdict = page.locator(f"{listed.get_attribute('href')}")
    listed.click()
    expect(verdict).to_be_focused()
    press(page, "s")
    expect(verdict.locator(".chip").first).to_contain_text("kept")
    assert [(line.use, line.label) for line in kept(many)] == [("coverage", "supported")]
    assert window.alarms == []


def test_a_label_is_taken_back_by_a_key_or_a_button_where_it_was_given(served: Served) -> None:
    claim = "#a0s0k0k1"
    window = served.window()
    begin(window)
    page = window.visit(f"/runs/small/articles/bridge{claim}").page
    verdict, undo = page.locator(f"{claim} .chip").first, page.locator(claim).get_by_role("button", name="Take back")
    before = verdict.inner_text()
    expect(undo).to_have_count(0)
    press(page, "c")
    press(page, "a")
    expect(verdict).to_contain_text("not in the article")
    press(page, "u")
    expect(verdict).to_contain_text("wrong")
    undo.click()
    expect(undo).to_have_count(0)
    expect(page.locator(claim)).to_be_focused()
    assert verdict.inner_text() == before
    assert kept(served) == []
    assert window.serious() == []
    assert window.alarms == []


def test_a_report_that_the_page_wrote_leads_to_where_a_verdict_is_corrected(served: Served) -> None:
    run, facts = served.project / "results" / "small", served.project / "references" / "bridge" / "facts.yaml"
    facts.write_text(facts.read_text("utf-8").replace("was 12 centimetres", "was 12 cm"), "utf-8")
    page = served.window().visit("/").page
    page.get_by_role("button", name="Score it again").click()
    for _ in range(600):  # a page that is being loaded has no badge either, so the file itself is waited for
        if "correct it in harness view" in (run / "report.html").read_text("utf-8"):
            break
        page.wait_for_timeout(100)
    expect(page.locator(".badge")).to_have_count(0)
    page.goto((run / "report.html").as_uri())
    link = page.locator("a", has_text="correct it in harness view").first
    page.goto(f"{page.url}#{link.evaluate('link => link.closest(`li`).id')}")
    link.click()
    page.get_by_label("Your name").fill("ada")
    press(page, "Enter")
    press(page, "c")
    assert [line.label for line in kept(served)] == ["contradicted"]


def test_who_has_not_said_who_they_are_is_asked_and_then_the_label_is_kept(served: Served) -> None:
    window = served.window().visit("/runs/small/articles/bridge#a0s0k0k1")
    press(window.page, "c")
    expect(window.page.get_by_label("Your name, as reports will show it")).to_be_visible()
    assert kept(served) == []
    window.page.get_by_label("Your name").fill("ada")
    window.page.get_by_role("button", name="Save the answer").click()
    expect(window.page.locator("#a0s0k0k1")).to_be_focused()
    assert [(line.annotator, line.label) for line in kept(served)] == [("ada", "contradicted")]

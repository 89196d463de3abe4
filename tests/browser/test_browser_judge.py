"""Judging verdicts and reviewing suggested facts by keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from viewing import read_statements
from windows import Site, Window

from harness import pipeline
from harness.data import labels
from harness.records import Annotation

pytestmark = pytest.mark.slow

JUDGE = "/runs/small/judge"


@pytest.fixture
def many_pairs(site: Site) -> Site:
    """A run with 16 pairs."""
    facts = "".join(f"  - {{id: f{at}, statement: The bridge has {at} pillars.}}\n" for at in range(12))
    (site.project / "references" / "bridge" / "facts.yaml").write_text(f"facts:\n{facts}", "utf-8")
    pipeline.score(site.project / "results" / "small")
    return site


def current_labels(site: Site) -> list[Annotation]:
    files = sorted(Path(site.project, "references").glob("*/labels.jsonl"))
    return [line for file in files for line in labels.select_current(labels.read(file))]


def press(page: Page, key: str) -> None:
    """Press a key that leads to another page."""
    page.wait_for_load_state()
    with page.expect_navigation():
        page.keyboard.press(key)


def begin(window: Window, name: str = "ada") -> Page:
    page = window.visit(JUDGE).page
    page.get_by_label("Your name").fill(name)
    press(page, "Enter")
    return page


def visit_claim(window: Window) -> str:
    """Follow a link to the first claim of a report, which unfolds it; return the claim's selector."""
    address = "/runs/small/articles/bridge"
    claim = f"#{window.visit(address).page.locator('li.claim').first.get_attribute('id')}"
    window.visit("/").visit(address + claim)
    expect(window.page.locator(claim)).to_be_focused()
    return claim


def test_queue_is_judged_by_keyboard(many_pairs: Site) -> None:
    window = many_pairs.window()
    page = begin(window)
    keys = ["s", "c", "a", "k"] * 2
    statements = []
    for key in keys:
        statements.append(page.locator(".statement").inner_text())
        press(page, key)
    words = {"s": "supported", "c": "contradicted", "a": "absent", "k": "uncertain"}
    assert {line.hypothesis: line.label for line in current_labels(many_pairs)} == {
        statement: words[key] for statement, key in zip(statements, keys, strict=True)
    }
    expect(page.locator("#progress")).to_contain_text("6 of")  # two were skipped

    press(page, "u")  # shows the pair again
    assert page.locator(".statement").inner_text() == statements[-1]
    page.keyboard.press("n")
    page.keyboard.type("as said: s c a")  # letters in the note are not answers
    page.keyboard.press("Escape")
    with page.expect_event("dialog"):  # asks before the note is lost; the window stays
        page.keyboard.press("j")
    window.alarms.clear()
    press(page, "s")
    notes = {line.hypothesis: (line.label, line.note) for line in current_labels(many_pairs)}
    assert notes[statements[-1]] == ("supported", "as said: s c a")

    before = page.locator(".statement").inner_text()
    press(page, "j")
    assert page.locator(".statement").inner_text() != before
    assert len(current_labels(many_pairs)) == 8
    assert window.find_violations() == []
    assert window.alarms == []


def test_judging_pages_are_accessible(many_pairs: Site) -> None:
    window = many_pairs.window().visit(JUDGE)
    window.require_accessible()
    press(begin(window), "a")
    for path in (JUDGE, f"{JUDGE}?show_verdicts=1", "/runs/small/agreement"):
        window.visit(path).require_accessible()


def test_verdict_in_a_report_is_corrected_and_restored_by_keys(site: Site) -> None:
    window = site.window()
    begin(window)
    claim, page = visit_claim(window), window.page
    chip = page.locator(f"{claim} .chip").first
    before = chip.inner_text()
    for key, word in (("c", "wrong"), ("a", "not in the article")):
        expect(page.locator(claim)).to_be_focused()
        press(page, key)
        expect(chip).to_contain_text(word)
    press(page, "u")
    expect(chip).to_contain_text("wrong")
    page.locator(claim).get_by_role("button", name="Undo").click()
    expect(chip).to_have_text(before)
    assert current_labels(site) == []
    page.locator("li.fact").first.hover()
    press(page, "c")
    assert [(line.use, line.label, line.shown.blind) for line in current_labels(site)] == [
        ("coverage", "contradicted", False)
    ]
    assert window.find_violations() == []
    assert window.alarms == []


@pytest.fixture
def site_with_suggestions(site: Site) -> Site:
    """The project, with three suggested facts for the article ``flood``."""
    statements = ("The river Alda rose three metres on Friday.", "Nobody was hurt.", "Forty houses were emptied.")
    entries = "".join(f"  - {{id: f{at}, statement: {text}, unreviewed: true}}\n" for at, text in enumerate(statements))
    (site.project / "references" / "flood" / "facts.yaml").write_text(f"facts:\n{entries}", "utf-8")
    return site


def press_key(page: Page, key: str) -> None:
    """Press a key once the page's scripts run."""
    page.wait_for_load_state()
    page.keyboard.press(key)


def test_queue_is_reviewed_by_keyboard(site_with_suggestions: Site) -> None:
    window = site_with_suggestions.window().visit("/review")
    page = window.page
    progress, statement = page.locator("#progress"), page.get_by_label("Statement")
    expect(progress).to_have_text("3 unreviewed")
    press_key(page, "a")
    expect(progress).to_have_text("2 unreviewed")
    press_key(page, "m")
    expect(statement).to_be_focused()
    press_key(page, "ControlOrMeta+a")
    page.keyboard.type("Nobody was hurt in Lyd.")
    press_key(page, "Escape")
    with page.expect_event("dialog"):
        page.keyboard.press("j")
    window.alarms.clear()
    press_key(page, "a")
    expect(progress).to_have_text("1 unreviewed")
    press_key(page, "d")
    expect(page.get_by_text("No unreviewed facts.")).to_be_visible()
    press_key(page, "u")
    expect(progress).to_have_text("1 unreviewed")
    assert read_statements(site_with_suggestions.project / "references" / "flood" / "facts.yaml") == {
        "The river Alda rose three metres on Friday.": False,
        "Nobody was hurt in Lyd.": False,
        "Forty houses were emptied.": True,
    }
    assert window.alarms == []


def test_review_is_accessible_in_any_window(site_with_suggestions: Site) -> None:
    site_with_suggestions.window().visit("/review").require_accessible()

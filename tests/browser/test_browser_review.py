"""Reviewing suggested facts in a real browser, by keyboard and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from windows import Site

from harness.data import facts

pytestmark = pytest.mark.slow


@pytest.fixture
def site_with_suggestions(site: Site) -> Site:
    """The project, with three suggested facts for the article ``flood``."""
    statements = ("The river Alda rose three metres on Friday.", "Nobody was hurt.", "Forty houses were emptied.")
    entries = "".join(f"  - {{id: f{at}, statement: {text}, unreviewed: true}}\n" for at, text in enumerate(statements))
    (site.project / "references" / "flood" / "facts.yaml").write_text(f"facts:\n{entries}", "utf-8")
    return site


def statements(site: Site) -> dict[str, bool]:
    """Whether each statement is unreviewed."""
    found = facts.read(site.project / "references" / "flood" / "facts.yaml", None).require()
    return {fact.statement: fact.unreviewed for fact in found}


def press(page: Page, key: str) -> None:
    """Press a key once the page's scripts run."""
    page.wait_for_load_state()
    page.keyboard.press(key)


def test_queue_is_reviewed_by_keyboard(site_with_suggestions: Site) -> None:
    window = site_with_suggestions.window().visit("/review")
    page = window.page
    progress, statement = page.locator("#progress"), page.get_by_label("Statement")
    expect(progress).to_have_text("3 to review")
    press(page, "a")
    expect(progress).to_have_text("2 to review")
    press(page, "m")
    expect(statement).to_be_focused()
    press(page, "ControlOrMeta+a")
    page.keyboard.type("Nobody was hurt in Lyd.")
    press(page, "Escape")
    press(page, "a")
    expect(progress).to_have_text("1 to review")
    press(page, "d")
    expect(page.get_by_text("No suggested facts to review.")).to_be_visible()
    press(page, "u")
    expect(progress).to_have_text("1 to review")
    press(page, "d")
    expect(page.get_by_text("No suggested facts to review.")).to_be_visible()
    assert statements(site_with_suggestions) == {
        "The river Alda rose three metres on Friday.": False,
        "Nobody was hurt in Lyd.": False,
    }
    assert window.alarms == []


@pytest.mark.parametrize("width", [360, 1440])
def test_review_is_accessible_in_any_window(site_with_suggestions: Site, width: int) -> None:
    for scheme in ("light", "dark"):
        window = site_with_suggestions.window(width, color_scheme=scheme).visit("/review")
        assert window.serious() == []
        assert window.page.evaluate("document.documentElement.scrollWidth") <= width
        assert window.alarms == []

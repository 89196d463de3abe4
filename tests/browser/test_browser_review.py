"""Suggested facts in a real browser: a whole queue by keyboard, and everyone can read it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from windows import Served

from harness import config
from harness.data import articles, facts
from harness.suggest import unreviewed

pytestmark = pytest.mark.slow


@pytest.fixture
def suggested(served: Served) -> Served:
    """The project, whose article ``flood`` has what was suggested for it."""
    items = articles.load(served.project / "references")
    assert unreviewed.write(items, config.load_verifier("lexical").verify, 3) == {"flood": 3}
    return served


def known(served: Served) -> dict[str, bool]:
    """Statement → whether nobody has reviewed it."""
    found = facts.read(served.project / "references" / "flood" / "facts.yaml", None).require()
    return {fact.statement: fact.unreviewed for fact in found}


def press(page: Page, key: str) -> None:
    """A key on a page whose scripts have begun: its text is there before they listen."""
    page.wait_for_load_state()
    page.keyboard.press(key)


def test_a_queue_is_accepted_mended_and_dropped_by_one_key_each(suggested: Served) -> None:
    window = suggested.window().visit("/review")
    page = window.page
    progress, statement = page.locator("#progress"), page.get_by_label("Statement")
    expect(progress).to_have_text("3 to review")
    press(page, "a")
    expect(progress).to_have_text("2 to review, 1 reviewed")
    press(page, "m")
    expect(statement).to_be_focused()
    press(page, "ControlOrMeta+a")
    page.keyboard.type("Forty houses in Lyd were emptied.")
    press(page, "Escape")
    press(page, "a")
    expect(progress).to_have_text("1 to review, 2 reviewed")
    press(page, "d")
    expect(page.get_by_text("No suggested facts to review.")).to_be_visible()
    press(page, "u")
    expect(progress).to_have_text("1 to review, 2 reviewed")
    press(page, "d")
    expect(page.get_by_text("No suggested facts to review.")).to_be_visible()
    assert list(known(suggested)) == [
        "The river Alda rose three metres on Friday.",
        "Forty houses in Lyd were emptied.",
    ]
    assert not any(known(suggested).values())
    assert window.alarms == []


def test_without_scripts_the_buttons_do_the_same(suggested: Served) -> None:
    page = suggested.window(java_script_enabled=False).visit("/review").page
    page.get_by_role("button", name="Drop").click()
    expect(page.locator("#progress")).to_have_text("2 to review, 1 reviewed")
    page.get_by_role("button", name="Undo: dropped").click()
    expect(page.locator("#progress")).to_have_text("3 to review")
    assert len(known(suggested)) == 3


@pytest.mark.parametrize("width", [360, 1440])
def test_everyone_can_read_the_queue_in_any_window(suggested: Served, width: int) -> None:
    for scheme in ("light", "dark"):
        window = suggested.window(width, color_scheme=scheme).visit("/review")
        assert window.serious() == []
        assert window.page.evaluate("document.documentElement.scrollWidth") <= width
        assert window.alarms == []

"""Facts in a real browser: a passage marked by mouse or keyboard, checks while typing, the run scored again."""

from __future__ import annotations

import re

import pytest
import viewing
from hostile import STRINGS
from playwright.sync_api import expect
from windows import Served, Window

from harness.data import facts
from harness.data.articles import read_folder
from harness.data.facts import edit as facts_edit

pytestmark = pytest.mark.slow

PAGE = "/articles/bridge/facts"
_PLACE = """([paragraph, text]) => {
  const walker = document.createTreeWalker(document.querySelector(paragraph), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.data.indexOf(text);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(walker.currentNode, at);
    range.setEnd(walker.currentNode, at + text.length);
    range.startContainer.parentElement.scrollIntoView({block: "center"});
    const box = range.getBoundingClientRect();
    return [box.x, box.y + box.height / 2, box.width];
  }
}"""


def drag(window: Window, paragraph: str, text: str) -> None:
    """Mark a passage of the article with the mouse."""
    left, middle, width = window.page.evaluate(_PLACE, [paragraph, text])
    window.page.mouse.move(left + 0.5, middle)
    window.page.mouse.down()
    window.page.mouse.move(left + width - 0.5, middle, steps=8)
    window.page.mouse.up()


def written(served: Served) -> list[facts.FactEntry]:
    path = served.project / "references" / "bridge" / "facts.yaml"
    return [facts_edit.opened(path, fact.id).entry for fact in facts.read(path, None).facts]


def test_a_passage_marked_with_the_mouse_becomes_a_fact_and_the_run_is_scored_again(served: Served) -> None:
    window = served.window().visit(PAGE)
    page = window.page
    page.get_by_label(re.compile("^Statement")).fill("The repair of the Nord bridge will cost 4 million crowns.")
    drag(window, "#p3", "the repair would cost 4 million crowns")
    page.get_by_role("button", name="Make the marked passage the evidence").click()
    expect(page.locator("#evidence-said")).to_have_text("note: found in paragraph 3")
    page.get_by_label("Kind").select_option("number")
    page.get_by_role("button", name="Suggest false versions").click()
    page.locator("#versions button").first.click()
    expect(page.get_by_label(re.compile("^False versions"))).not_to_have_value("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(re.compile("was scored again in"))).to_be_visible()
    expect(page.get_by_text("No system keeps it.")).to_be_visible()
    page.reload()
    row = page.get_by_role("row", name=re.compile("The repair of the Nord bridge"))
    expect(row).to_contain_text("supporting, number")
    expect(row).to_contain_text("0 of 2")
    made = written(served)[-1]
    assert made.evidence == "the repair would cost 4 million crowns"
    assert len(made.contradictions) == 1
    assert window.alarms == []


def test_a_sentence_is_taken_and_saved_with_the_keyboard_alone(served: Served) -> None:
    window = served.window().visit(PAGE)
    page = window.page
    page.get_by_label(re.compile("^Statement")).focus()
    page.keyboard.type("Buses will take another way until June.")
    page.get_by_role("button", name=re.compile("Make this sentence the evidence: Buses")).focus()
    page.keyboard.press("Enter")
    evidence = page.get_by_label(re.compile("^Evidence"))
    expect(evidence).to_have_value("Buses will take another way until June.")
    evidence.focus()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name=re.compile("Saved:"))).to_be_visible()
    assert written(served)[-1].evidence == "Buses will take another way until June."
    assert window.alarms == []


def test_what_is_wrong_is_said_while_it_is_typed(served: Served) -> None:
    page = served.window().visit(PAGE).page
    page.get_by_label(re.compile("^Statement")).fill("The crack was of 12 centimetres.")
    expect(page.locator("#statement-said")).to_contain_text("says nearly what crack-size says")
    page.get_by_label(re.compile("^Evidence")).fill("a crak of 12 centimetres")
    expect(page.locator("#evidence-said")).to_contain_text("the nearest passage is 'a crack of 12 centimetres'")
    page.get_by_role("button", name="Take that passage").click()
    expect(page.locator("#evidence-said")).to_have_text("note: found in paragraph 2")


def test_a_suggestion_fills_the_form(served: Served) -> None:
    page = served.window().visit(PAGE).page
    page.get_by_role("link", name="Suggest facts").click()
    page.get_by_role("link", name="Mayor Ida Holm said the repair would cost 4 million crowns.").click()
    expect(page.get_by_label(re.compile("^Statement"))).to_have_value(re.compile("Mayor Ida Holm"))
    expect(page.locator("#evidence-said")).to_contain_text("found in paragraph 3")


def test_two_windows_edit_one_fact_and_the_second_is_told(served: Served) -> None:
    first, second = (served.window().visit(f"{PAGE}/crack-size") for _ in range(2))
    for window, statement in ((first, "The crack is 12 centimetres long."), (second, "The crack is 12 cm.")):
        window.page.get_by_label(re.compile("^Statement")).fill(statement)
        window.page.get_by_role("button", name="Save").click()
    expect(second.page.get_by_role("alert")).to_contain_text("was changed meanwhile; nothing was written")
    expect(second.page.get_by_role("row", name="statement")).to_contain_text("12 centimetres long")
    assert second.serious() == []
    assert written(served)[1].statement == "The crack is 12 centimetres long."


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}?suggest=1", f"{PAGE}/crack-size", f"{PAGE}/crack-size/remove"])
def test_axe_finds_nothing_serious_on_the_pages_of_facts(served: Served, path: str) -> None:
    for width, scheme in ((1280, "light"), (390, "dark")):
        window = served.window(width, color_scheme=scheme).visit(path)
        assert window.serious() == []
        assert not window.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert window.alarms == []


def test_nothing_hostile_in_articles_and_facts_runs(served: Served) -> None:
    folder = viewing.write_article(
        served.project / "references", "evil", "\n".join(f"{text} struck 14 towns." for text in STRINGS)
    )
    article = read_folder(folder).require_article()
    for number, text in enumerate(STRINGS):
        entry = facts.FactEntry(id=f"fact-{number}", statement=f"{text} struck {number} towns.", contradictions=[text])
        facts_edit.add(folder / "facts.yaml", [entry], article)
    window = served.window().visit("/articles/evil/facts?suggest=1")
    window.page.get_by_label(re.compile("^Statement")).fill(STRINGS[0])
    window.page.get_by_label(re.compile("^Evidence")).fill(STRINGS[-1])
    window.page.get_by_role("button", name="Suggest false versions").click()
    expect(window.page.locator("#versions")).to_have_text("Nothing to suggest.")
    other = served.window().visit("/articles/evil/facts/fact-0")
    for each in (window, other):
        assert each.page.evaluate("window.ran") is None
        assert "7006652" not in each.page.content()
        assert each.alarms == []

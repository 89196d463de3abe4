"""Facts in a real browser: selecting evidence by mouse or keyboard, remarks while typing, rescoring."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from windows import Site, Window

from harness.data import facts
from harness.data.articles import read_folder
from harness.records import Fact

pytestmark = pytest.mark.slow

PAGE = "/articles/bridge"
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
    left, middle, width = window.page.evaluate(_PLACE, [paragraph, text])
    window.page.mouse.move(left + 0.5, middle)
    window.page.mouse.down()
    window.page.mouse.move(left + width - 0.5, middle, steps=8)
    window.page.mouse.up()


def read_facts(site: Site) -> tuple[Fact, ...]:
    folder = site.project / "references" / "bridge"
    return facts.read(folder / "facts.yaml", read_folder(folder).article).facts


def test_selected_passage_becomes_a_fact_and_the_run_is_rescored(site: Site) -> None:
    window = site.window().visit(PAGE)
    page = window.page
    page.get_by_label(re.compile("^Statement")).fill("The repair of the Nord bridge will cost 4 million crowns.")
    drag(window, "#p3", "the repair would cost 4 million crowns")
    page.get_by_role("button", name="Use the selection as evidence").click()
    expect(page.locator("#evidence-remarks")).to_have_text("note: found in paragraph 3")
    page.get_by_label("Kind").select_option("number")
    page.get_by_role("button", name="Suggest false versions").click()
    page.locator("#versions button").first.click()
    expect(page.get_by_label(re.compile("^False versions"))).not_to_have_value("")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Score it again").click()
    expect(page.get_by_text("Changed since")).to_have_count(0)
    row = page.get_by_role("row", name=re.compile("The repair of the Nord bridge"))
    expect(row).to_contain_text("supporting, number")
    made = read_facts(site)[-1]
    assert (made.evidence and made.evidence.text) == "the repair would cost 4 million crowns"
    assert len(made.contradictions) == 1
    assert window.alarms == []


def test_fact_is_added_by_keyboard(site: Site) -> None:
    window = site.window().visit(PAGE)
    page = window.page
    slow = {"offline": False, "latency": 1500, "downloadThroughput": -1, "uploadThroughput": -1}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", slow)
    page.get_by_role("button", name=re.compile("Use this sentence as evidence: Buses")).focus()
    page.keyboard.press("Enter")
    page.get_by_label(re.compile("^Statement")).focus()  # typing does not cancel the evidence
    page.keyboard.type("Buses will take another way until June.")
    evidence = page.get_by_label(re.compile("^Evidence"))
    expect(evidence).to_have_value("Buses will take another way until June.")
    evidence.focus()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Last change: saved")).to_be_visible()
    assert read_facts(site)[-1].statement == "Buses will take another way until June."
    assert window.alarms == []


def test_remarks_appear_while_typing(site: Site) -> None:
    page = site.window().visit(PAGE).page
    page.get_by_label(re.compile("^Statement")).fill("The crack was of 12 centimetres.")
    expect(page.locator("#statement-remarks")).to_contain_text("crack-size")
    page.get_by_label(re.compile("^Evidence")).fill("a crak of 12 centimetres")
    expect(page.locator("#evidence-remarks")).to_contain_text("'a crack of 12 centimetres'")
    page.get_by_label(re.compile("^Evidence")).fill("a crack of 12 centimetres")
    expect(page.locator("#article mark")).to_have_text("a crack of 12 centimetres")
    expect(page.get_by_label(re.compile("^Statement"))).to_have_value("The crack was of 12 centimetres.")

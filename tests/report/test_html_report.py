"""The HTML page: whole, harmless, and navigable without a script."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

import pytest
from report_page import one_page

from harness.records import Results
from harness.report import words

VOID = {"meta", "link", "br", "hr", "img", "input", "wbr"}
"""Elements without an end tag; those of SVG close themselves."""


@dataclass
class Element:
    """An element with its attributes, its children and the text among them, in order."""

    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    def all(self) -> Iterator[Element]:
        """The element and all below it."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.all()

    def text(self) -> str:
        """All text below it but of links, which are the page's own marks in a summary's text."""
        parts = (child if isinstance(child, str) else child.text() for child in self.children)
        return "" if self.tag == "a" else "".join(parts)


class Parser(HTMLParser):
    """Builds the tree, and fails where tags do not nest."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Element("root", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice: {names}"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parsed(page: str) -> Element:
    parser = Parser()
    parser.feed(page)
    parser.close()
    assert parser.open == [parser.root]
    return parser.root


@pytest.fixture(scope="module")
def page(results: Results) -> str:
    return one_page(results)


@pytest.fixture(scope="module")
def tree(page: str) -> Element:
    return parsed(page)


def test_hostile_strings_are_shown_as_they_are(page: str) -> None:
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "&#34;&gt;&lt;img src=x onerror=alert(1)&gt;" in page
    assert "{{ 7*7 }}" in page
    assert r"\x1b[31mred\x1b[0m" in page
    assert r"\u202egnp.exe" in page
    assert "\x1b" not in page
    assert "\u202e" not in page


def test_a_lone_surrogate_does_not_stop_the_page_from_being_written(results: Results) -> None:
    broken = replace(results, manifest=replace(results.manifest, name="a\ud800b"))
    assert rb"a\ud800b" in one_page(broken).encode("utf-8")


def test_nothing_is_loaded_and_every_link_leads_to_a_place_on_the_page(tree: Element) -> None:
    places = [element.attributes["id"] for element in tree.all() if "id" in element.attributes]
    assert len(places) == len(set(places))
    links = {element.attributes["href"] for element in tree.all() if "href" in element.attributes}
    assert links - {f"#{place}" for place in places} == {"data:,"}
    labels = {
        element.attributes[name] for element in tree.all() for name in element.attributes if name == "aria-labelledby"
    }
    assert labels <= set(places)


def test_the_policy_forbids_all_but_the_style_and_the_script_of_the_page(page: str, tree: Element) -> None:
    style = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    script = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert (len(style), len(script)) == (1, 1)
    styled, scripted = (
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for text in (style[0], script[0])
    )
    policies = [element.attributes["content"] for element in tree.all() if "http-equiv" in element.attributes]
    assert "".join(policies) == (
        "default-src 'none'; "
        f"style-src {styled}; script-src {scripted}; img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert "url(" not in style[0]
    assert "@import" not in style[0]


def test_tables_have_captions_and_heads_that_say_what_they_head(tree: Element) -> None:
    tables = [element for element in tree.all() if element.tag == "table"]
    pictures = [element for element in tree.all() if element.tag == "figure"]
    assert len(tables) == 6 + len(pictures)
    for table in tables:
        assert [element.tag for element in table.all()].count("caption") == 1
        assert all("scope" in element.attributes for element in table.all() if element.tag == "th")


def test_every_row_of_a_table_is_as_wide_as_the_table(tree: Element) -> None:
    for table in (element for element in tree.all() if element.tag == "table"):
        widths = {
            sum(int(cell.attributes.get("colspan", "1")) for cell in row.all() if cell.tag in ("td", "th"))
            for row in table.all()
            if row.tag == "tr"
        }
        assert len(widths) == 1


def card(tree: Element, place: str) -> Element:
    return next(element for element in tree.all() if element.attributes.get("id") == place)


def test_a_summary_stands_in_its_card_word_for_word(tree: Element, results: Results) -> None:
    """smollm2/key-facts is the first column and smollm2/plain the second; article 0 is from left to right."""
    for place, system in (("a0s0k0", "smollm2/key-facts"), ("a1s1k0", "smollm2/plain")):
        article = results.items[int(place[1])].article.id
        summary = next(made for made in results.summaries if (made.system, made.article_id) == (system, article))
        text = next(element for element in card(tree, place).all() if element.attributes.get("class") == "told text")
        assert text.text().split() == (summary.text or "").split()


def test_sentences_and_evidence_are_marked_in_the_summary(page: str) -> None:
    """The first sentence is contradicted, and evidence for facts 1 (deal-unsigned), 2 and 5; the numbers of facts
    know the passages of the article that these stand in."""
    assert (
        '<span class="k1 said-contradicted v5 e1 fact-contradicted e2 e5 fact-supported">'
        "The minerals agreement was signed on Friday.</span>"
        '<a class="flag of-claim contradicted k1" href="#a0s1k0k1"'
        ' aria-label="claim 1: the article says otherwise">✗1</a>'
        '<a class="flag supported e5 v4" href="#a0s1k0f5" aria-label="fact 5: the summary says it"'
        ' title="The talks were on a Friday.">✓5</a>'
        '<a class="flag contradicted e1 v0" href="#a0s1k0f1" aria-label="fact 1: the summary says otherwise"'
        ' title="The minerals agreement was not signed.">✗1</a>'
    ) in page
    for rule in (".card:has(.f5:is(", ".card:has(.k3:is(", ".reading:has(.v0:is("):
        assert rule in page


def test_verdicts_are_told_by_symbol_and_word_beside_the_colour(tree: Element) -> None:
    for element in tree.all():
        label = element.attributes.get("class", "").partition(" ")[2]
        if element.tag == "a" and element.attributes.get("class", "").startswith("cell ") and label != "mixed":
            words = "".join(child.text() for child in element.children if isinstance(child, Element))
            sign, word = {
                "supported": ("✓", "kept"),
                "contradicted": ("✗", "contradicted"),
                "absent": ("·", "lost"),
                "uncertain": ("?", "undecided"),
                "none": ("–", "no verdict"),
            }[label]
            assert sign in words
            assert word in words


def test_text_from_outside_finds_its_own_direction(tree: Element) -> None:
    """Arabic stands only below an element that takes its direction from its text."""

    def walk(element: Element, free: bool) -> None:
        free = free or element.tag == "bdi" or element.attributes.get("dir") == "auto"
        for child in element.children:
            if isinstance(child, Element):
                walk(child, free)
            else:
                assert free or not re.search(r"[\u0600-\u06ff]", child), child

    walk(next(element for element in tree.all() if element.tag == "body"), free=False)


def test_every_system_every_fact_and_the_reason_of_a_failure_are_there(page: str, results: Results) -> None:
    for item in results.items:
        for fact in item.facts:
            assert fact.statement.replace("<", "&lt;").replace(">", "&gt;") in page
    for system in results.manifest.systems:
        assert system.name.replace("/", "/<wbr>").replace("<", "&lt;").partition("&lt;")[0] in page
    assert "No summary: the model gave nothing but white space" in page


def test_an_interrupted_run_has_a_banner(results: Results) -> None:
    stopped = replace(results, manifest=replace(results.manifest, status="interrupted"))
    assert "Partial: the run was interrupted." in one_page(stopped)
    assert "Partial:" not in one_page(results)


def test_of_several_articles_each_has_its_section_and_its_link(results: Results) -> None:
    tree = parsed(one_page(results))
    sections = [element.attributes["id"] for element in tree.all() if element.attributes.get("class") == "article"]
    contents = next(element for element in tree.all() if element.attributes.get("aria-label") == "Contents")
    assert sections == ["a0", "a1"]
    assert {"#a0", "#a1"} <= {element.attributes.get("href", "") for element in contents.all()}


@pytest.mark.parametrize("lacking", ["items", "summaries", "checks", "scores", "metrics"])
def test_a_run_that_lacks_something_still_has_a_page(results: Results, lacking: str) -> None:
    changes: dict[str, tuple[()]] = {lacking: ()}
    parsed(one_page(replace(results, **changes)))  # type: ignore[arg-type]  # each of these fields is a tuple


def test_facts_without_evidence_and_references_without_shape_are_shown(results: Results) -> None:
    items = tuple(
        replace(
            item,
            facts=tuple(replace(fact, evidence=None) for fact in item.facts),
            references=tuple(replace(reference, shape="") for reference in item.references),
        )
        for item in results.items
    )
    parsed(one_page(replace(results, items=items)))


def test_the_facts_of_a_summary_are_counted_in_the_words_of_the_tables(page: str) -> None:
    """smollm2/plain on the minerals: one fact kept, one contradicted, one undecided."""
    assert '<p class="lead">Facts: 1 kept, 1 contradicted, 1 undecided</p>' in page
    assert "<summary>2 facts lost</summary>" in page
    assert words.facts_of_summary(3, 1) == "3 facts lost, 1 not checked"

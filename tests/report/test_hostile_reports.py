"""Hostile strings in every text from outside: reports show them as text, and none of them acts."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import hostile
import pytest
from command_line import harness
from hostile import ALL
from markdown_it import MarkdownIt
from report_page import parse, render_in_terminal
from stored_runs import Plan, open_runs, write

from harness import pipeline
from harness.compare.comparison import ComparisonOptions, compare
from harness.compare.report import document, render
from harness.document import terminal
from harness.records import Results
from harness.report import pages
from harness.report.document import as_markdown

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
RAN = "7006652"
"""What the template expressions among the hostile strings evaluate to."""


@pytest.fixture(scope="module")
def hostile_results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """The hostile run, with a hostile language code."""
    project = hostile.make_project(tmp_path_factory.mktemp("hostile"))
    results = pipeline.read(project / "results" / hostile.NAME)
    language = 'en" onload="window.ran=1'
    items = [replace(item, article=replace(item.article, language=language)) for item in results.items]
    return replace(results, items=items)


def assert_harmless(page: str) -> None:
    """Texts of the corpus are escaped: none becomes an element, an attribute or a style of the page."""
    tree = parse(page)
    tags = {element.tag for element in tree.all()}
    assert tags.isdisjoint({"img", "iframe", "object", "embed", "base", "animate", "textarea", "noscript"})
    assert sum(element.tag == "script" for element in tree.all()) <= 1
    drawn = {id(child) for element in tree.all() if element.tag == "svg" for child in element.all()}
    assert sum(element.tag in ("style", "title") and id(element) not in drawn for element in tree.all()) == 2
    for element in tree.all():
        assert not [name for name in element.attributes if name.startswith("on") or name in ("style", "src", "srcdoc")]
        for name in ("href", "action"):
            assert re.match(r"#|data:,$|\.\./|[\w-]+(/[\w-]+)?\.html|$", element.attributes.get(name, ""))
    assert RAN not in page
    assert not CONTROLS.search(page)


def test_page_shows_hostile_text_as_text(hostile_results: Results) -> None:
    page = pages.as_html(hostile_results)
    assert_harmless(page)
    assert page.count("&lt;script&gt;window.ran=1") > 100


def test_pages_of_articles_are_safe(hostile_results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.report.report.MAX_VERDICTS", 0)  # as for 100 articles of 25 systems
    names = ("../../up", "CON<script>", "a" * 300, "ünï/\x1b[31m\u202e", "")
    first = hostile_results.items[0]
    items = [replace(first, article=replace(first.article, id=name)) for name in names]
    pages.write(replace(hostile_results, items=items), tmp_path)
    written = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.html"))
    assert len(written) == 1 + len(names)
    assert all(re.fullmatch(r"report(/[\w-]{1,80})?\.html", name, re.ASCII) for name in written)
    for name in written:
        assert_harmless((tmp_path / name).read_text("utf-8"))


def test_markdown_shows_hostile_text_as_text(hostile_results: Results) -> None:
    text = as_markdown(hostile_results)
    made = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    assert not re.search(r"<(?!/?(?:details|summary|b|h[1-6]|p|ul|ol|li|table|thead|tbody|tr|th|td|blockquote|em|strong"
                         r"|code|br|hr)\b)[a-z/]", made)  # fmt: skip  # one pattern
    assert "<a " not in made
    assert not re.search(r"<[a-z]+ [^>]*\bon\w+=", made)
    assert RAN not in made
    assert not CONTROLS.search(text)


def test_terminal_shows_hostile_text_as_text(hostile_results: Results) -> None:
    text = render_in_terminal(hostile_results, 100)
    assert not CONTROLS.search(text)
    assert r"\x1b[31m" in re.sub(r"\s", "", text)


def test_list_of_runs_shows_any_name_as_text(tmp_path: Path) -> None:
    folder = tmp_path / "[red]x[bold] \x1b[31m\u202e <b>"
    folder.mkdir()
    (folder / "manifest.json").write_text("{", "utf-8")
    text = harness("ls", tmp_path).stdout
    assert not CONTROLS.search(text)
    assert "[red]x[bold]" in text
    assert "cannot be read" in " ".join(text.split())


def test_comparison_shows_hostile_text_as_text(tmp_path: Path) -> None:
    evil = f"evil/{ALL}"
    values = {evil: {"fact_recall": [0.5, 0.6]}}
    labels = {evil: {"main": ["supported", "absent"], "place": ["contradicted", "uncertain"]}}
    old = write(tmp_path / "old", Plan(values, labels, {evil: [f"Old {ALL}", "Same."]}))  # type: ignore[arg-type]  # labels, as plain strings
    new = write(tmp_path / "new", Plan(values, labels, {evil: [f"New {ALL}", "Same."]}), packages={ALL: ALL})  # type: ignore[arg-type]  # the same
    compared = compare(open_runs(old, new), ComparisonOptions("run"))
    assert_harmless(render(compared, "html"))
    for text in (render(compared, "md"), terminal.render(document.document(compared))):
        assert not CONTROLS.search(text)
        assert RAN not in text

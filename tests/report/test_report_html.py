"""The HTML report: harmless, navigable without a script, and in several pages if there are many articles."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from pathlib import Path

import memory_run
import pytest
from report_page import Element, parse, render_in_terminal

from harness.records import Results
from harness.report import pages
from harness.report.article import Links, check_anchor
from harness.report.document import as_markdown
from harness.report.report import build_report


@pytest.fixture(scope="module")
def page(results: Results) -> str:
    return pages.as_html(results)


@pytest.fixture(scope="module")
def tree(page: str) -> Element:
    return parse(page)


def with_class(tree: Element, name: str) -> list[Element]:
    return [element for element in tree.all() if name in element.attributes.get("class", "").split()]


def test_the_policy_allows_only_its_own_style_and_script(page: str, tree: Element) -> None:
    policy = next(e.attributes["content"] for e in tree.all() if e.attributes.get("http-equiv"))
    assert policy.startswith("default-src 'none'; ")
    for tag in ("style", "script"):
        text = page.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_every_link_leads_to_a_place_on_the_page(tree: Element) -> None:
    ids = {element.attributes.get("id") for element in tree.all()}
    links = [element.attributes["href"] for element in tree.all() if element.tag == "a"]
    assert len(links) > 50
    assert [href for href in links if href.removeprefix("#") not in ids] == []


def test_links_to_claims_survive_another_ranking(results: Results) -> None:
    """With other verdicts ``smollm2/plain`` changes its place; its claim keeps its id."""
    (claim,) = [
        check for check in results.checks
        if (check.system, check.article_id, check.use, check.target) == ("smollm2/plain", "flood", "grounding", "0")
    ]  # fmt: skip  # one selection
    better = tuple(
        replace(check, verdict=replace(check.verdict, label="supported")) if check.system == claim.system else check
        for check in results.checks
    )
    again = replace(results, checks=better)
    names = [[system.name for system in build_report(each).systems].index(claim.system) for each in (results, again)]
    assert names[0] != names[1]
    for each in (results, again):
        (place,) = [e for e in parse(pages.as_html(each)).all() if e.attributes.get("id") == check_anchor(claim)]
        assert claim.hypothesis in "".join(e.text() for e in place.all())


def test_a_sentence_that_a_summary_repeats_has_two_ids() -> None:
    results = memory_run.run({"x": {"a": ["supported"]}}, claims={"x": {"a": ["absent", "absent"]}})
    same = [replace(check, hypothesis="It is old.") if check.use == "grounding" else check for check in results.checks]
    parse(pages.as_html(replace(results, checks=same)))


def test_each_article_is_folded_with_its_matrix_summaries_and_verdicts(results: Results, tree: Element) -> None:
    articles = with_class(tree, "article")
    assert [element.tag for element in articles] == ["details"] * 2
    assert all("open" not in element.attributes for element in articles)
    assert len(with_class(tree, "card")) == len(results.summaries)
    assert len(with_class(tree, "claim")) == sum(check.use == "grounding" for check in results.checks)
    facts = sum(len(item.facts) for item in results.items)
    assert sum(element.tag == "tr" for element in with_class(tree, "fact")) == facts
    assert len(with_class(tree, "cell")) == facts * len(results.manifest.systems) + 1  # one in the legend
    shown = [" ".join(element.text().split()) for element in with_class(tree, "text")]
    for text in (results.items[1].article.text, "Summary of minerals by broken/plain."):
        assert " ".join(text.split()) in shown


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [("supported", "absent", True), ("supported", "supported", False), ("supported", "uncertain", False)],
)
def test_systems_differ_in_a_fact_if_their_decided_verdicts_do(one: str, other: str, differs: bool) -> None:
    results = memory_run.run({"x": {"a": [one]}, "y": {"a": [other]}})  # type: ignore[list-item]  # labels
    (row,) = build_report(results).page(0).rows
    assert row.differs == differs


def test_plot_has_a_point_for_each_system(results: Results) -> None:
    metrics = tuple(replace(each, name="faithfulness") if each.name == "rouge1" else each for each in results.metrics)
    scores = [replace(each, metric="faithfulness") if each.metric == "rouge1" else each for each in results.scores]
    tree = parse(pages.as_html(replace(results, metrics=metrics, scores=scores)))
    assert len(with_class(tree, "point")) == len(results.manifest.systems)
    assert len(with_class(tree, "floor")) == 1


def test_failures_and_interruptions_come_before_the_answer(results: Results) -> None:
    stopped = replace(results, manifest=replace(results.manifest, status="interrupted"))
    for text in (pages.as_html(stopped), as_markdown(stopped), render_in_terminal(stopped, 200)):
        assert text.index("Partial: the run was interrupted") < text.index("How sure?")
        assert text.index("the model gave nothing but white space") < text.index("How sure?")
        assert text.index("Publish none of these summaries unedited") < text.index("Use it?")
        assert "The verdicts are by the verifier (lexical)" in text


def test_verdicts_link_to_judging_if_a_server_is_named(results: Results) -> None:
    links = Links(judging_url="http://127.0.0.1:1/judge")
    listening = pages.render("report.html.j2", pages.build_front(build_report(results), links))
    assert listening.count("http://127.0.0.1:1/judge?show_verdicts=1&amp;pair=") == len(list(results.checks))
    assert "show_verdicts=1" not in pages.as_html(results)


def test_no_line_is_wider_than_the_terminal(results: Results) -> None:
    for width in (60, 80, 120):
        assert max(map(len, render_in_terminal(results, width).splitlines())) <= width


ARTICLES = ("a", "b", "B", "c/d")


@pytest.fixture
def paged_results(monkeypatch: pytest.MonkeyPatch) -> Results:
    """Two systems on four articles, which are too many for one page."""
    monkeypatch.setattr("harness.report.report.MAX_VERDICTS", 0)
    verdicts = {name: {article: ["supported", "contradicted"] for article in ARTICLES} for name in ("one", "two")}
    return memory_run.run(verdicts, ("essential",))  # type: ignore[arg-type]  # labels, as plain strings


def list_pages(folder: Path) -> list[str]:
    return [path.name for path in (folder / "report").iterdir()]


def test_each_article_has_a_page_and_every_link_leads_somewhere(paged_results: Results, tmp_path: Path) -> None:
    pages.write(paged_results, tmp_path)
    names = list_pages(tmp_path)
    assert len({name.casefold() for name in names}) == len(ARTICLES)
    files = [tmp_path / "report.html", *(tmp_path / "report" / name for name in names)]
    trees = {path: parse(path.read_text("utf-8")) for path in files}
    for path, tree in trees.items():
        for address in {element.attributes.get("href", "data:,") for element in tree.all()} - {"data:,"}:
            target, _, place = address.partition("#")
            found = trees[(path.parent / target).resolve() if target else path]
            assert not place or any(element.attributes.get("id") == place for element in found.all()), address


def test_the_first_page_has_a_row_for_each_article(paged_results: Results, tmp_path: Path) -> None:
    pages.write(paged_results, tmp_path)
    page = (tmp_path / "report.html").read_text("utf-8")
    assert page.count(">1/2 ✗1</bdi></a></td>") == 2 * len(ARTICLES)
    assert "Facts that each system keeps (✗: contradicted)." in page
    without_facts = tuple(replace(item, facts=()) for item in paged_results.items)
    assert "Claims that the article supports (✗" in as_markdown(replace(paged_results, items=without_facts, checks=()))
    assert 'class="card"' not in page


def test_pages_of_removed_articles_are_deleted_and_other_files_stay(paged_results: Results, tmp_path: Path) -> None:
    pages.write(paged_results, tmp_path)
    own = tmp_path / "report" / "notes.html"
    own.write_text("my notes", "utf-8")
    fewer = replace(paged_results, items=paged_results.items[:2])
    pages.write(fewer, tmp_path)
    assert [name.partition("-")[0] for name in sorted(list_pages(tmp_path))] == ["a", "b", "notes.html"]


def test_few_articles_go_into_one_file(paged_results: Results, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("harness.report.report.MAX_VERDICTS", 2_000)
    pages.write(paged_results, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    assert ">a: The town of a is old. It has a bridge.</h3>" in (tmp_path / "report.html").read_text("utf-8")
    assert build_report(paged_results).fits_one_page

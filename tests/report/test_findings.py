"""The errors of each system, with quotations that support them."""

from __future__ import annotations

from dataclasses import replace

import memory_run
from memory_run import annotation, pair_keys
from report_page import parse, render_one_page

from harness.document.blocks import COMMENT, PAGE, Folded, Listing
from harness.records import Difference, Results, Span
from harness.report.article import Links, explain
from harness.report.document import as_markdown, list_errors
from harness.report.report import build_report

ARTICLE = "The vote was 31 to 12. The ferry costs £14.6 million. It sails at noon."


def span(passage: str) -> Span:
    start = ARTICLE.index(passage)
    return Span(start, start + len(passage), passage)


def test_evidence_is_the_sentence_with_the_other_value_and_foreign_differences_are_left_out() -> None:
    """The claim has no 18, and the article has other words at the place of ``not_there``."""
    results = memory_run.run({"x": {"a": ["supported"]}}, claims={"x": {"a": ["contradicted"]}})
    claim = replace(list(results.checks)[1], hypothesis="It costs £41.6 million.")
    value, wording = Difference("number", "£41.6 million", span("£14.6 million")), Difference("wording", "costs", None)
    not_stated, not_there = (
        Difference("number", "18", span("31")),
        Difference("number", "£41.6 million", Span(0, 5, "eight")),
    )
    vote = span("The vote was 31 to 12.")
    for given, expected in (
        ((value,), ((value,), span("The ferry costs £14.6 million."))),
        ((not_stated, not_there, wording), ((wording,), vote)),
    ):
        verdict = replace(claim.verdict, differences=given, evidence=vote)
        assert explain(replace(claim, verdict=verdict), ARTICLE) == expected


def read_lists(results: Results, medium: object = PAGE) -> dict[str, list[str]]:
    """The system that a list is titled by → its entries."""
    found = {}
    for block in list_errors(build_report(results), Links(), medium):  # type: ignore[arg-type]  # a medium
        assert isinstance(block, Folded)
        (listing,) = block.blocks
        assert isinstance(listing, Listing)
        found[block.title.partition(":")[0]] = [
            item.text if isinstance(item.text, str) else "".join(piece.text for piece in item.text)
            for item in listing.items
        ]
    return found


def test_claims_and_facts_are_listed_by_system() -> None:
    results = memory_run.run(
        {"x": {"a": ["absent", "contradicted"]}, "y": {"a": ["supported"] * 2}},
        ("essential",),
        claims={"x": {"a": ["absent"]}, "y": {"a": ["supported"]}},
    )
    listed = read_lists(results)
    assert list(listed) == ["x"]
    assert [entry.partition(":")[0] for entry in listed["x"]] == ["not in the article", "contradicted", "lost"]


def test_what_a_comment_has_no_room_for_is_counted() -> None:
    results = memory_run.run({"x": {"a": ["absent"] * 20}}, ("essential",) * 20)
    assert read_lists(results, COMMENT)["x"][-1] == "and 8 more"
    assert len(read_lists(results)["x"]) == 20


def test_beside_a_label_of_a_person_stands_what_the_checker_alone_says() -> None:
    results = memory_run.run({"x": {"a": ["supported"]}}, ("essential",), claims={"x": {"a": ["supported"]}})
    asked = pair_keys(results)
    labels = tuple(annotation(asked["x", "a", target], "contradicted") for target in ("f0", "0"))
    judged = replace(results, labels=labels)
    for entry in read_lists(judged)["x"]:
        assert "(lexical alone: " in entry
        assert "the article says otherwise" not in entry
    page = render_one_page(judged)
    assert page.count("judged by <bdi>ada</bdi> · the verifier alone (lexical): ") == 2
    heads = [element.text() for element in parse(page).all() if element.tag == "th"]
    assert heads[2:6:2] == ["Essential facts kept (people)", "Claims wrong or invented (people)"]
    assert heads[3:6:2] == ["verifier alone"] * 2
    assert "| verifier alone |" in as_markdown(judged)

"""Facts that were suggested and that nobody has reviewed are marked wherever a report or a comparison shows them."""

from __future__ import annotations

from dataclasses import replace

from report_page import one_page

from harness.document.labels import fact_name, unreviewed
from harness.records import Results
from harness.report.document import as_markdown
from harness.report.report import report
from harness.report.tables import leaderboard_table, metrics_table, outcome_tables

CAUTION = "1 of 7 facts is an unreviewed suggestion."


def suggested(results: Results, name: str = "deal-unsigned") -> Results:
    """The run with one fact that nobody has reviewed."""
    items = tuple(
        replace(item, facts=tuple(replace(fact, unreviewed=fact.id == name) for fact in item.facts))
        for item in results.items
    )
    return replace(results, items=items)


def test_the_answer_and_every_table_and_picture_that_counts_facts_say_so(results: Results) -> None:
    """What counts claims alone does not."""
    found = report(suggested(results))
    assert CAUTION in found.cautions
    facts, claims = outcome_tables(found)
    assert CAUTION in facts.caption
    assert CAUTION not in claims.caption
    assert CAUTION in leaderboard_table(found.board).caption
    assert CAUTION in metrics_table(found.everything).caption
    assert {picture.id: CAUTION in picture.caption for picture in found.pictures()} == {
        "scatter-fact_recall-words": True,
        "forest-0": True,
        "forest-1": True,
        "facts-by-kind": True,
    }


def test_the_fact_itself_is_marked_where_it_stands(results: Results) -> None:
    """In the matrix, in the cards, and among what was lost or contradicted."""
    page, comment = one_page(suggested(results)), as_markdown(suggested(results))
    assert page.count("event, unreviewed") == 1 + 8  # the matrix, and each summary of the article
    assert "(essential, event, unreviewed)" in comment
    assert "The minerals agreement was not signed. (unreviewed)" in comment.replace("\n", " ")


def test_nothing_is_marked_once_every_fact_is_reviewed(results: Results) -> None:
    assert "unreviewed" not in one_page(results) + as_markdown(results)


def test_a_fact_that_changes_hands_in_a_comparison_is_marked() -> None:
    assert fact_name("a", "vote", articles=1, unread=True) == "vote (unreviewed)"
    assert [fact_name("a", "vote", articles=articles) for articles in (1, 2)] == ["vote", "a/vote"]


def test_how_many_facts_are_unreviewed_in_words() -> None:
    assert [unreviewed(*counts) for counts in ((0, 3), (1, 1), (2, 3), (3, 3))] == [
        "",
        "The only fact is an unreviewed suggestion.",
        "2 of 3 facts are unreviewed suggestions.",
        "All 3 facts are unreviewed suggestions.",
    ]

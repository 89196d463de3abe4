"""What of a summary is checked, and under which key."""

from __future__ import annotations

from dataclasses import replace

import builders

from harness.records import Fact
from harness.stages.verify import pending_checks

SUMMARY = "Phil Smith, who was 25, fell from a fence. He died in May and was buried in Hull."


def test_facts_are_checked_before_claims() -> None:
    item = builders.item("An article.", facts=[builders.fact("one")])
    asked = pending_checks([item], [builders.summary(SUMMARY), builders.summary(None)], "verifier")
    assert [(*each.identity[1:], each.pair.hypothesis) for each in asked] == [
        ("coverage", "one", "statement of one"),
        ("grounding", "0", "Phil Smith, who was 25, fell from a fence."),
        ("grounding", "1", "He died in May and was buried in Hull."),
    ]


def test_pair_carries_the_article_date() -> None:
    """A question carries the date of its article, and its key depends on a date that is known."""
    item = builders.item("An article.", facts=[builders.fact("one")])
    dated = replace(item, article=replace(item.article, date="2025-03-01"))
    one, two = (list(pending_checks([each], [builders.summary(SUMMARY)], "verifier")) for each in (item, dated))
    assert {each.pair.date for each in one} == {None}
    assert {each.pair.date for each in two} == {"2025-03-01"}
    assert not {each.key for each in one} & {each.key for each in two}


def test_key_distinguishes_facts_date_and_language() -> None:
    """A key tells statements of facts from a date and a language that read the same."""
    facts = [Fact("a", "2025-03-01"), Fact("b", "de")]
    held, dated = builders.item("An article.", facts=facts), builders.item("An article.")
    dated = replace(dated, article=replace(dated.article, date="2025-03-01", language="de"))
    one, two = (
        list(pending_checks([each], [builders.summary("2025-03-01 it was de.")], "verifier"))[-1]
        for each in (held, dated)
    )
    assert one.pair.facts == ("2025-03-01",)
    assert one.key != two.key

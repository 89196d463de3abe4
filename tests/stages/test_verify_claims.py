"""What of a summary is checked, and under which key."""

from __future__ import annotations

from dataclasses import replace

import builders

from harness.stages.verify import questions

SUMMARY = "Phil Smith, who was 25, fell from a fence. He died in May and was buried in Hull."

CONFIG = "articles: articles\nmodels: {lead: {kind: lead}}\nscorers: [length]\nverifier: lexical\n"


def test_facts_are_asked_and_then_the_sentences_of_the_summary() -> None:
    item = builders.item("An article.", facts=[builders.fact("one")])
    asked = questions([item], [builders.summary(SUMMARY), builders.summary(None)], "verifier")
    assert [(each.use, each.target, each.pair.hypothesis) for each in asked] == [
        ("coverage", "one", "statement of one"),
        ("grounding", "0", "Phil Smith, who was 25, fell from a fence."),
        ("grounding", "1", "He died in May and was buried in Hull."),
    ]


def test_a_question_carries_the_date_of_its_article() -> None:
    """A question carries the date of its article, and its key depends on a date that is known."""
    item = builders.item("An article.", facts=[builders.fact("one")])
    dated = replace(item, article=replace(item.article, date="2025-03-01"))
    one, two = (list(questions([each], [builders.summary(SUMMARY)], "verifier")) for each in (item, dated))
    assert {each.pair.date for each in one} == {None}
    assert {each.pair.date for each in two} == {"2025-03-01"}
    assert not {each.key for each in one} & {each.key for each in two}

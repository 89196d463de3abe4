"""False versions of a statement: never true, never one that is there already."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from builders import project_item

from harness.data.facts.wording import canonical
from harness.records import Article, Fact
from harness.suggest import suggest_versions

ITEM = project_item()
MET = Fact("met", "Keir Starmer met Emmanuel Macron in Paris on Monday.")
ARTICLE = Article(
    "a",
    "Keir Starmer met Emmanuel Macron in Paris on Monday. Angela Merkel saw Ann Bell in London on Tuesday.",
)


def versions(fact: Fact, article: Article = ARTICLE, facts: tuple[Fact, ...] = (), limit: int = 6) -> list[str]:
    return [edit.text for edit in suggest_versions(fact, article, facts, np.random.default_rng(0), limit)]


def test_value_is_replaced_by_another_of_the_article() -> None:
    assert "Keir Starmer met Emmanuel Macron in Paris on Tuesday." in versions(MET)


def test_known_versions_are_not_suggested_again() -> None:
    found = versions(MET, limit=3)
    again = versions(replace(MET, contradictions=tuple(found)), limit=3)
    assert len(found) == len(again) == 3
    assert not {canonical(version) for version in found} & {canonical(version) for version in again}


def test_versions_stated_by_another_fact_are_left_out() -> None:
    first = versions(MET)[0]
    assert first not in versions(MET, facts=(Fact("true", first),))


def test_versions_of_the_example_facts_are_false() -> None:
    said = {canonical(wording) for fact in ITEM.facts for wording in (fact.statement, *fact.accepted)}
    for fact in ITEM.facts[:15]:
        assert not said & {canonical(version) for version in versions(fact, ITEM.article, ITEM.facts)}


def test_other_languages_and_empty_statements_have_no_versions() -> None:
    assert versions(MET, replace(ARTICLE, language="de")) == []
    assert versions(MET, replace(ARTICLE, language="enm")) == []  # Middle English
    assert versions(MET, replace(ARTICLE, language="EN-GB")) == versions(MET)
    assert versions(Fact("empty", " ")) == []

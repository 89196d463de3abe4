"""Which statements are suggested as facts, in what order, and why; and which false versions of a fact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from builders import project_item

from harness.checker_en.calibrator import classify_length
from harness.records import Article, Fact, Item, Pair, Reference, Span, Verdict
from harness.suggest import Suggestion, suggest_facts, suggest_versions
from harness.text import canonical, sentences
from harness.verifiers.lexical import Lexical

ITEM, LEXICAL = project_item(), Lexical()

TEXT = """The mayor resigned on Monday. She had led the town since 2011.

Fire crews were called to Kharkiv Street. The blaze injured 14 people, said Ann Lee.

Everybody was rather tired afterwards, and went home slowly through the quiet streets.
"""
MAYOR = Fact("mayor", "The mayor resigned on Monday.", evidence=Span(0, 28, "The mayor resigned on Monday"))


def suggest(
    text: str = TEXT,
    facts: Sequence[Fact] = (MAYOR,),
    references: Sequence[str] = (),
    language: str = "en",
    limit: int = 10,
) -> list[Suggestion]:
    written = tuple(Reference(str(number), reference) for number, reference in enumerate(references))
    item = Item(Article("a", text, language=language), written, tuple(facts))
    found = suggest_facts(item, LEXICAL.verify, limit)
    assert all(text[each.evidence.start : each.evidence.end] == each.evidence.text for each in found)
    return found


def statements(*given: Any, **options: Any) -> list[str]:
    return [each.statement for each in suggest(*given, **options)]


def test_new_statements_are_suggested_and_pronouns_come_last() -> None:
    *found, last = statements()
    assert set(found[:2]) == {"Fire crews were called to Kharkiv Street.", "The blaze injured 14 people, said Ann Lee."}
    assert last == "She had led the town since 2011."
    assert not any("resigned" in statement for statement in found)
    fire = Fact("fire", "Fire crews were called out to Kharkiv Street.")
    assert "Fire crews were called to Kharkiv Street." not in statements(facts=[MAYOR, fire])


def test_rank_decides_the_importance_without_references() -> None:
    importances = [each.importance for each in suggest(facts=[], limit=6)]
    assert importances == sorted(importances, key=["essential", "supporting", "detail"].index)
    assert importances[0] == "essential"


def test_statement_of_most_references_is_essential() -> None:
    references = ["Fourteen people were injured by the blaze.", "14 people were injured."]
    [found] = suggest(f"# A blaze\n\n{TEXT}", references=references, limit=1, facts=())
    assert found.statement == "Fourteen people were injured by the blaze."
    assert found.reason == "from sentence 4; 2 of 2 references state it"  # the heading is not a sentence
    assert found.importance == "essential"
    for text in ("**Fourteen people** were injured by the blaze.", "# Fourteen people were injured\n\nIt rained."):
        [found] = suggest(text, references=references[:1], limit=1, facts=())
        assert found.reason == "from sentence 1; the reference states it"


def test_statements_that_say_nearly_the_same_are_suggested_once() -> None:
    short = "The blaze injured 14 people in Kharkiv Street."
    longer = "On Monday the blaze injured 14 people in the old Kharkiv Street."
    more = "The blaze in Kharkiv Street injured 14 people after the collapse of the roof of the town's oldest school."
    assert statements(f"{short}\n\n{longer}\n\n{more}", facts=[]) == [short, more]


def test_headlines_and_statements_that_the_article_lacks_are_not_suggested() -> None:
    found = statements(references=["The chess club of Antwerp won 9 medals in Lisbon."])
    assert not any("Antwerp" in statement for statement in found)
    assert statements("Mayor Resigns After Blaze In Kharkiv Street\nThe mayor resigned on Monday.") == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "市长周一辞职。火灾造成14人受伤。"),
        ("ar", "استقال رئيس البلدية. أصيب 14 شخصا في الحريق."),
        ("de", "Der Brand verletzte 14 Menschen."),
    ],
)
def test_other_languages_give_whole_sentences(language: str, text: str) -> None:
    found = statements(text, facts=[], language=language)
    assert set(found) <= {span.text for span in sentences(text, language)}
    assert any("14" in statement for statement in found)


@pytest.mark.parametrize("text", ["…", "?! —", "\ud83d alone", "a" * 5000, "1 2 3. 4 5 6."])
def test_odd_texts_give_a_list_and_no_error(text: str) -> None:
    suggest(text, facts=[])


def test_long_references_and_lists_of_facts_are_not_read_as_articles() -> None:
    asked: list[Pair] = []

    def verify(pairs: Sequence[Pair]) -> list[Verdict]:
        asked.extend(pairs)
        return LEXICAL.verify(pairs)

    long = f"The blaze injured 14 people. {'It rained again. ' * 40}"
    facts = (MAYOR, Fact("rain", "It rained.", accepted=(long,)))
    suggest_facts(Item(Article("a", TEXT), (Reference("r", long),), facts), verify)
    assert {classify_length(pair) for pair in asked if pair.premise != TEXT} == {"short"}


def test_nothing_is_suggested_if_the_facts_are_complete() -> None:
    assert suggest_facts(ITEM, LEXICAL.verify) == []


MET = Fact("met", "Keir Starmer met Emmanuel Macron in Paris on Monday.")
ARTICLE = Article(
    "a", "Keir Starmer met Emmanuel Macron in Paris on Monday. Angela Merkel saw Ann Bell in London on Tuesday."
)


def versions(fact: Fact, article: Article = ARTICLE, facts: tuple[Fact, ...] = (), limit: int = 6) -> list[str]:
    return [edit.text for edit in suggest_versions(fact, article, facts, np.random.default_rng(0), limit)]


def test_value_is_replaced_by_another_of_the_article() -> None:
    assert "Keir Starmer met Emmanuel Macron in Paris on Tuesday." in versions(MET)


def test_known_versions_and_versions_that_a_fact_states_are_not_suggested() -> None:
    found = versions(MET, limit=3)
    again = versions(replace(MET, contradictions=tuple(found)), limit=3)
    assert len(found) == len(again) == 3
    assert not {canonical(version) for version in found} & {canonical(version) for version in again}
    for name in ("true", ""):  # a suggestion that is not written yet has no id
        assert found[0] not in versions(MET, facts=(Fact(name, found[0]),))


def test_versions_of_the_example_facts_are_false() -> None:
    said = {canonical(wording) for fact in ITEM.facts for wording in (fact.statement, *fact.accepted)}
    for fact in ITEM.facts[:15]:
        assert not said & {canonical(version) for version in versions(fact, ITEM.article, ITEM.facts)}


def test_other_languages_and_empty_statements_have_no_versions() -> None:
    assert versions(MET, replace(ARTICLE, language="de")) == []
    assert versions(MET, replace(ARTICLE, language="enm")) == []  # Middle English
    assert versions(MET, replace(ARTICLE, language="EN-GB")) == versions(MET)
    assert versions(Fact("empty", " ")) == []

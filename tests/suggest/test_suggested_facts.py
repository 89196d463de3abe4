"""Which statements are suggested as facts, in what order, and why."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from builders import project_item

from harness import config
from harness.records import Article, Fact, Item, Pair, Reference, Span
from harness.suggest import Suggestion, suggested_facts
from harness.text import sentences

ITEM = project_item()

TEXT = """The mayor resigned on Monday. She had led the town since 2011.

Fire crews were called to Kharkiv Street. The blaze injured 14 people, said Ann Lee.

Everybody was rather tired afterwards, and went home slowly through the quiet streets.
"""
MAYOR = Fact("mayor", "The mayor resigned on Monday.", evidence=Span(0, 28, "The mayor resigned on Monday"))


def suggested(
    text: str = TEXT,
    facts: Sequence[Fact] = (MAYOR,),
    references: Sequence[str] = (),
    language: str = "en",
    limit: int = 10,
) -> list[Suggestion]:
    written = tuple(Reference(str(number), reference) for number, reference in enumerate(references))
    item = Item(Article("a", text, language=language), written, tuple(facts))
    return suggested_facts(item, config.load_verifier("lexical").verify, limit)


def statements(found: Sequence[Suggestion]) -> list[str]:
    return [each.statement for each in found]


def test_what_no_fact_tells_comes_telling_things_first_and_pronouns_last() -> None:
    found = suggested()
    assert statements(found) == [
        "The blaze injured 14 people, said Ann Lee.",
        "Fire crews were called to Kharkiv Street.",
        "Everybody was rather tired afterwards, and went home slowly through the quiet streets.",
        "She had led the town since 2011.",
    ]
    assert found[0].reason == "no fact mentions 14, Ann Lee; no fact stands in paragraph 2"
    assert found[-1].reason == "no fact mentions 2011"


def test_evidence_is_verbatim() -> None:
    for found in (suggested(), suggested_facts(replace(ITEM, facts=()), config.load_verifier("lexical").verify, 50)):
        text = TEXT if found[0].evidence.text in TEXT else ITEM.article.text
        assert all(text[each.evidence.start : each.evidence.end] == each.evidence.text for each in found)


def test_what_a_fact_says_in_other_words_or_nearly_is_not_suggested() -> None:
    fire = Fact("fire", "Fire crews were called out to Kharkiv Street.")
    assert "Fire crews were called to Kharkiv Street." not in statements(suggested(facts=[MAYOR, fire]))


def test_a_reference_that_says_it_makes_it_weightier() -> None:
    [found] = suggested(references=["Fourteen people were injured by the blaze.", "14 people were injured."], limit=1)
    assert "14" in found.statement
    assert found.reason.endswith("2 of 2 references say it")
    assert found.importance == "essential"


def test_what_a_reference_adds_of_its_own_is_not_suggested() -> None:
    found = suggested(references=["The chess club of Antwerp won 9 medals in Lisbon."])
    assert not any("Antwerp" in statement for statement in statements(found))


def test_a_headline_is_not_suggested() -> None:
    assert statements(suggested("Mayor Resigns After Blaze In Kharkiv Street\nThe mayor resigned on Monday.")) == []


def test_one_sentence_is_an_article_too() -> None:
    assert statements(suggested("The mayor of Ghent resigned.", facts=[])) == ["The mayor of Ghent resigned."]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "市长周一辞职。火灾造成14人受伤。"),
        ("ar", "استقال رئيس البلدية. أصيب 14 شخصا في الحريق."),
        ("de", "Der Brand verletzte 14 Menschen."),
    ],
)
def test_other_languages_give_whole_sentences(language: str, text: str) -> None:
    known = {span.text for span in sentences(text, language)}
    found = statements(suggested(text, facts=[], language=language))
    assert set(found) <= known
    assert any("14" in statement for statement in found)


@pytest.mark.parametrize("text", ["…", "?! —", "\ud83d alone", "a" * 5000, "1 2 3. 4 5 6."])
def test_odd_texts_give_a_list_and_no_error(text: str) -> None:
    suggested(text, facts=[])


@pytest.mark.slow
def test_of_facts_that_are_taken_out_half_are_suggested_again_within_ten() -> None:
    """The article's own 56 facts, half of them held out, five times: those that the suggestions' words support."""
    verify = config.load_verifier("lexical").verify
    labels = []
    for seed in range(5):
        out = random.Random(seed).sample(ITEM.facts, 28)  # noqa: S311  # no secret hangs on it
        kept = tuple(fact for fact in ITEM.facts if fact not in out)
        found = "\n".join(statements(suggested_facts(replace(ITEM, facts=kept), verify)))
        labels += [verdict.label for verdict in verify([Pair(found, fact.statement, fact.accepted) for fact in out])]
    assert labels.count("supported") >= len(labels) / 2


def test_where_every_fact_is_there_nothing_is_suggested() -> None:
    assert suggested_facts(ITEM, config.load_verifier("lexical").verify) == []


def test_what_has_no_letter_is_no_fact() -> None:
    assert not {"1.", "2.", "3."} & set(statements(suggested("A B C. 1. 2. 3.", facts=())))

"""Hand-worked matches: every word weighs 1, so recall is a count."""

from __future__ import annotations

import pytest

from harness.verifiers.lexical import Lexicon, Match, Matcher

EVEN = Matcher(Lexicon({}, 1.0))
PREMISE = "Trump met Zelensky in Washington. They argued. The deal was not signed on Friday."


def features(premise: str, hypothesis: str) -> dict[str, float]:
    return dict(EVEN.match(premise, hypothesis).features)


def evidence(match: Match) -> str:
    assert match.evidence is not None
    return match.evidence.span.text


def test_recall_counts_words_in_the_best_sentence_and_in_all() -> None:
    """trump, sign, deal, monday: two are in the last sentence and three in the whole premise."""
    found = features(PREMISE, "Trump signed the deal Monday")
    assert found["recall_sentence"] == pytest.approx(2 / 4)
    assert found["recall_premise"] == pytest.approx(3 / 4)
    assert found["recall_plain"] == pytest.approx(3 / 4)
    assert (found["first"], found["last"]) == (1.0, 0.0)


def test_rare_words_weigh_more() -> None:
    rare = Matcher(Lexicon({"met": 1.0}, 3.0))
    assert rare.match(PREMISE, "Putin met").features["recall_premise"] == pytest.approx(1 / 4)


def test_evidence_includes_a_neighbour_that_adds_enough() -> None:
    assert evidence(EVEN.match(PREMISE, "The deal was signed on Friday")) == "The deal was not signed on Friday."
    assert evidence(EVEN.match(PREMISE, "Zelensky argued")) == "Trump met Zelensky in Washington. They argued."
    assert EVEN.match(PREMISE, "Giraffes sleep").evidence is None


def test_order_is_the_longest_common_subsequence() -> None:
    """trump accus vanc and vanc accus trump have one word in order and no common bigram."""
    found = features("Trump accused Vance.", "Vance accused Trump.")
    assert found["recall_plain"] == 1.0
    assert found["in_order"] == pytest.approx(1 / 3)
    assert found["bigrams"] == 0.0
    assert found["verbatim"] == 0.0


def test_swaps_and_negations_are_seen_between_matches() -> None:
    swapped = features("The deal was signed on Monday in Paris.", "The deal was signed on Monday in Rome.")
    assert swapped["swapped"] == pytest.approx(3 / 4)
    assert swapped["negated"] == 0.0
    negated = features("The deal was not signed.", "The deal was signed.")
    assert (negated["swapped"], negated["negated"]) == (0.0, 1.0)


def test_conflicts_are_weighted_by_the_rest() -> None:
    found = features("The war began in 2014.", "The war began in 2022.")
    assert found["conflict_date"] == found["in_order"] == pytest.approx(2 / 3)
    assert found["values_missing"] == 1.0


def test_own_words_distinguish_a_statement_from_its_false_version() -> None:
    true, false = (
        EVEN.match("The deal was signed.", "The deal was signed."),
        EVEN.match("The deal was signed.", "The deal fell through."),
    )
    assert EVEN.versus(true, false)["own_words"] == pytest.approx(1.0)
    assert EVEN.versus(false, true) == {name: -value for name, value in EVEN.versus(true, false).items()}

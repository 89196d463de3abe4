"""The verifier ``lexical``: what it counts, verdicts, evidence and reasons."""

from __future__ import annotations

import re

import pytest
from builders import project_item
from hypothesis import given
from hypothesis import strategies as st

from harness.records import Pair, Verdict
from harness.verifiers.lexical import Content, Lexical, measure_overlap, read_content

VERIFIER = Lexical()
WORDS = re.findall(r"\S+|\n", "The deal was not signed in 2022 Zelensky met Trump five 5 May . \n 日 😀")
TEXTS = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join) | st.text(max_size=40)
PAIRS = st.builds(Pair, TEXTS, TEXTS, st.lists(TEXTS, max_size=2).map(tuple), st.lists(TEXTS, max_size=2).map(tuple))


def verify(premise: str, hypothesis: str, *contrasts: str, accepted: tuple[str, ...] = ()) -> Verdict:
    return VERIFIER.verify([Pair(premise, hypothesis, accepted, contrasts)])[0]


@given(st.lists(PAIRS, max_size=5))
def test_probabilities_sum_to_one_and_pairs_do_not_mix(pairs: list[Pair]) -> None:
    verdicts = VERIFIER.verify(pairs)
    assert verdicts == [VERIFIER.verify([pair])[0] for pair in pairs]
    for pair, verdict in zip(pairs, verdicts, strict=True):
        found = verdict.probabilities
        assert sum(found.values) == pytest.approx(1)
        assert min(found.values) >= 0
        if verdict.evidence:
            assert pair.premise[verdict.evidence.start : verdict.evidence.end] == verdict.evidence.text


def test_overlap_is_a_count_of_words() -> None:
    """trump, sign, deal, monday: two are in the last sentence, three in the whole premise, and Monday is a name."""
    premise = "Trump met Zelensky in Washington. They argued. The deal was not signed on Friday."
    overlap = measure_overlap(Pair(premise, "Trump signed the deal Monday"))
    assert overlap.features == {"premise": 3 / 4, "evidence": 2 / 4, "missing": 1.0}
    assert overlap.missing == ["Monday"]
    assert (overlap.evidence and overlap.evidence.text) == "The deal was not signed on Friday."


def test_evidence_includes_a_neighbour_that_adds_words() -> None:
    premise = "Trump met Zelensky in Washington. They argued about money. The deal was not signed on Friday."
    overlap = measure_overlap(Pair(premise, "Zelensky argued."))
    assert (overlap.evidence and overlap.evidence.text) == "Trump met Zelensky in Washington. They argued about money."
    assert overlap.features["evidence"] == 1.0
    assert measure_overlap(Pair(premise, "Giraffes sleep.")).evidence is None


def test_negation_counts_as_a_word_only_in_the_statement() -> None:
    denied = measure_overlap(Pair("The deal was not signed.", "The deal was signed."))
    assert denied.features == {"premise": 1.0, "evidence": 1.0, "missing": 0.0}
    assert measure_overlap(Pair("The deal was signed.", "The deal was not signed.")).features["premise"] == 2 / 3


@pytest.mark.parametrize(
    ("text", "words", "values"),
    [
        ("She signed the deals", {"sign", "deal"}, {}),
        ("Zelensky’s aide met Erdoğan", {"zelenski", "aid", "met", "erdogan"}, {"erdogan": "Erdoğan"}),
        ("Nobody won’t pay", {"not", "pay"}, {}),
        ("1,500 or 1.50", {"1500", "1.5"}, {"1500": "1,500", "1.5": "1.50"}),
        ("£23million", {"23000000"}, {"23000000": "23million"}),
        ("twenty-one dogs", {"21", "dog"}, {"21": "twenty one"}),
        ("half a dozen", {"6"}, {"6": "half a dozen"}),
        ("two hundred and fifty thousand", {"250000"}, {"250000": "two hundred and fifty thousand"}),
        ("two and a half million", {"2500000"}, {"2500000": "two and a half million"}),
        ("1 and a half or 2.500,20", {"1.5", "2500.2"}, {"1.5": "1 and a half", "2500.2": "2.500,20"}),
        ("the 21st", {"21"}, {"21": "21st"}),
        ("one of them", set(), {}),
        ("首相", {"首", "相"}, {}),
    ],
)
def test_content_is_stems_and_numbers_by_value(text: str, words: set[str], values: dict[str, str]) -> None:
    assert read_content(text) == Content(frozenset(words), values)


@pytest.mark.parametrize(
    ("premise", "hypothesis"),
    [
        ("Zel\u200bensky met Trump.", "Zelensky met Trump."),
        ("The war began on 24 February 2022.", "The war began on February 24, 2022."),
    ],
)
def test_other_spelling_is_supported(premise: str, hypothesis: str) -> None:
    assert verify(premise, hypothesis).label == "supported"


@pytest.mark.parametrize(
    ("premise", "hypothesis", "label", "reason"),
    [
        ("a", "The deal was signed.", "absent", "no word of the statement is in the premise"),
        ("The deal was signed.", "😀", "uncertain", "the statement has no content word"),
        ("The war began in 2014.", "The war began in 2022.", "contradicted", "the premise does not have 2022"),
        ("The war began in 2014.", "Putin died in 2022.", "absent", "no word of the statement is in the premise"),
    ],
)
def test_verdict_has_its_reason(premise: str, hypothesis: str, label: str, reason: str) -> None:
    verdict = verify(premise, hypothesis)
    assert (verdict.label, verdict.reason) == (label, reason)


def test_negation_needs_a_false_version() -> None:
    signed, negated = "The minerals agreement was signed.", "The minerals agreement was not signed."
    assert verify(negated, signed, negated).label == "contradicted"
    assert verify(signed, negated, signed).label == "contradicted"


@pytest.mark.parametrize(("versions", "label"), [("accepted", "supported"), ("contradictions", "contradicted")])
def test_own_facts_are_distinguished_from_their_false_versions(versions: str, label: str) -> None:
    found = project_item().facts
    pairs = [
        Pair(text, fact.statement, fact.accepted, fact.contradictions)
        for fact in found
        for text in getattr(fact, versions)
    ]
    assert {verdict.label for verdict in VERIFIER.verify(pairs)} == {label}

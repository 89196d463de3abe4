"""Claims of whole summaries: what is taken apart and what is not, how it is worded, and where it stands."""

from __future__ import annotations

import pytest

from harness.claims import claims


def split(summary: str, language: str = "en") -> list[str]:
    """The claims of a summary, as they are checked."""
    return [claim.text for claim in claims([(summary, language)], "clauses")[summary, language]]


def test_sentences_are_the_other_unit() -> None:
    summary = "He left and she stayed. Nobody knew."
    found = claims([(summary, "en")], "sentences")[summary, "en"]
    assert [claim.text for claim in found] == ["He left and she stayed.", "Nobody knew."]
    assert [claim.index for claim in found] == [0, 1]


def test_claims_stand_where_their_words_do() -> None:
    summary = "It rained. Mary Keefe, the model for the poster, died on Tuesday and was buried in Vermont."
    found = claims([(summary, "en")], "clauses")[summary, "en"]
    assert [(claim.index, claim.text, claim.span.text) for claim in found] == [
        (0, "It rained.", "It rained."),
        (
            1,
            "Mary Keefe died on Tuesday.",
            "Mary Keefe, the model for the poster, died on Tuesday",
        ),
        (2, "Mary Keefe was the model for the poster.", "the model for the poster"),
        (3, "Mary Keefe was buried in Vermont.", "was buried in Vermont"),
    ]
    assert all(claim.span.text == summary[claim.span.start : claim.span.end] for claim in found)


def test_other_languages_are_left_in_sentences() -> None:
    summary = "Der Bus fuhr ab und der Fahrer lachte. Er kam nie an."
    assert split(summary, "de") == ["Der Bus fuhr ab und der Fahrer lachte.", "Er kam nie an."]
    assert len(split("The bus left and the driver laughed.", "en-GB")) == 2


@pytest.mark.parametrize(
    "summary",
    [
        "",
        " \n ",
        "Storm warning for the coast.",
        "'We came, we saw and we lost,' said the captain.",
        "“I was tired and I fell asleep,” the guard said.",
        "`` we are suffering and we are hungry '' said koirala .",
        'The band sang "Love came and love went" in Rome.',
        "The players' bus left Dover (the driver slept and the coach sang).",
        "Arrived at noon and left at one.",
        "Who paid the bill and who kept the change?",
        "The U.S. envoy met Mr. Grey at 5 p.m.",
        "He did not eat and drink.",
        "The vote will be held if the king signs and the queen agrees.",
        "Zyx qwv, blorp and.",
        # Of whom or what the middle speaks, the parse does not know.
        "The son of the actor, who died in 2010, lives in the house.",
        "The head of Nissan, which makes cars, resigned.",
        "Scientists who studied the bones, found in 2001, say they are old.",
        # Who says the second half, or whether it is so, is not said.
        "The president said he would sign the deal and the senate said it would not.",
        "The fire, police said, was started by boys and spread to a school.",
        "He allegedly stole the car and sold it.",
    ],
)
def test_what_is_unsure_stays_as_it_is(summary: str) -> None:
    assert split(summary) == ([summary] if summary.strip() else [])


def test_each_point_of_a_list_is_on_its_own() -> None:
    assert split("- The council met and the mayor resigned.\n- New vote in May\n") == [
        "The council met.",
        "The mayor resigned.",
        "New vote in May",
    ]


def test_a_mark_without_a_letter_is_no_claim() -> None:
    assert split("1. The bank raised rates. 2. Inflation fell.") == ["The bank raised rates.", "Inflation fell."]
    assert split("...") == split("'.") == []


def test_a_name_between_commas_does_not_hide_who_acts() -> None:
    """The parse takes "after Musk" for a phrase, and gives the rest to the shares."""
    assert split("Shares fell after Elon Musk, its chief executive, sold stock and tweeted about it.") == [
        "Shares fell after Elon Musk sold stock and tweeted about it.",
        "Elon Musk was its chief executive.",
    ]


def test_a_word_by_itself_is_no_deed() -> None:
    assert split("When she picked it up, infuriated, she resorted to insulting the clerk.") == [
        "She picked it up, infuriated.",
        "She resorted to insulting the clerk.",
    ]


def test_an_abbreviation_at_the_end_of_a_claim_keeps_one_full_stop() -> None:
    assert split("The tour began at 5 p.m. and ended at noon.") == [
        "The tour began at 5 p.m.",
        "The tour ended at noon.",
    ]


def test_a_quotation_goes_whole_into_one_claim() -> None:
    assert split("The captain resigned on Monday and said 'we came, we saw and we lost'.") == [
        "The captain resigned on Monday.",
        "The captain said 'we came, we saw and we lost'.",
    ]


def test_tokenised_lower_case_text_keeps_its_manner() -> None:
    assert split("the driver , who was 80 , lost his licence and sold the car .") == [
        "the driver lost his licence .",
        "the driver was 80 .",
        "the driver sold the car .",
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "According to police, the man stole a car and drove it to Wales.",
            ["According to police, the man stole a car.", "According to police, the man drove it to Wales."],
        ),
        (
            "The man stole a car and drove it to Wales, according to police.",
            ["The man stole a car, according to police.", "The man drove it to Wales, according to police."],
        ),
        (
            "The minister said the dam had failed and two people were missing.",
            ["The minister said the dam had failed.", "The minister said two people were missing."],
        ),
        (
            "The minister, who resigned in May, said that the dam had failed.",
            ["The minister said that the dam had failed.", "The minister resigned in May."],
        ),
    ],
)
def test_a_report_goes_with_each_of_its_claims(sentence: str, expected: list[str]) -> None:
    assert split(sentence) == expected


def test_a_denial_is_not_shared_out() -> None:
    """Who denies two things together does not deny each."""
    assert len(split("The minister denied that he had met the envoy and that he had paid him.")) == 1


def test_a_verb_in_ing_gets_the_tense_of_its_clause() -> None:
    assert split("The bus left the road, killing a man and injuring four others.") == [
        "The bus left the road.",
        "The bus killed a man.",
        "The bus injured four others.",
    ]


def test_summaries_do_not_touch_each_other() -> None:
    one, two = "The bus left and the driver laughed.", "Paul Smith fell. He died."
    together = claims([(one, "en"), (two, "en"), (one, "en"), (two, "fr")], "clauses")
    assert list(together) == [(one, "en"), (two, "en"), (two, "fr")]
    assert together[one, "en"] == claims([(one, "en")], "clauses")[one, "en"]
    assert together[two, "en"] == claims([(two, "en")], "clauses")[two, "en"]


def test_what_is_too_long_for_a_sentence_is_not_parsed() -> None:
    endless = "the bus left and the driver laughed " * 20_000
    assert split(f"He left.\n{endless}\nThe bus left and the driver laughed.") == [
        "He left.",
        endless.strip(),
        "The bus left.",
        "The driver laughed.",
    ]


@pytest.mark.parametrize(
    "heading", ["Summary:", "**Key facts:**", "Here is a summary of the article in three sentences:"]
)
def test_a_heading_says_nothing(heading: str) -> None:
    assert split(f"{heading}\nThe bus left.") == ["The bus left."]


@pytest.mark.parametrize(
    "line", ["The minister said: nobody was hurt.", "Police said this on Monday: nobody was hurt."]
)
def test_what_is_said_after_a_colon_on_its_line_is_kept(line: str) -> None:
    assert split(line) == [line]

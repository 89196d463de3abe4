"""Claims are the sentences of a summary, without Markdown, headings, labels and a cut-off last sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.claims import blank_markdown, find_claims, find_fragment
from harness.records import Generation
from harness.text import words


def texts(summary: str, language: str = "en", cut_off: bool = False) -> list[str]:
    """The claims of a summary; ``cut_off``: the model was stopped at its token limit."""
    generation = Generation("r", summary, finish="length" if cut_off else "stop")
    spans = find_claims(generation, language)
    assert all(set(words(span.text)) <= set(words(summary[span.start : span.end])) for span in spans)
    return [span.text for span in spans]


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        ("He left and she stayed. Nobody knew.", ["He left and she stayed.", "Nobody knew."]),
        ("- The council met.\n* New vote in May\n3. Rain", ["The council met.", "New vote in May", "Rain"]),
        ("1. The bank raised rates. 2. Inflation fell.", ["The bank raised rates.", "Inflation fell."]),
        ("Summary:\nThe council met.", ["The council met."]),
        ("Here is a summary of the article in three sentences:\n\nThe council met.", ["The council met."]),
        ("Sure. Below are the key points of the article in brief:\n\nThe council met.", ["The council met."]),
        ("**Key facts:**\n- The council met.", ["The council met."]),
        ("Hier ist eine Zusammenfassung des Artikels in drei Sätzen:\nDer Rat tagte.", ["Der Rat tagte."]),
        ("Voici un résumé de l'article en trois phrases :\nLe conseil vota.", ["Le conseil vota."]),
        ("以下是这篇文章的摘要：\n- **要点：** 议会周一开会。", ["议会周一开会。"]),
        ("Hier soir, le maire a annoncé sa démission :", ["Hier soir, le maire a annoncé sa démission :"]),
        ("Title: Who Did What: Council Meets Amid Chaos\n\nSummary:\n\nThe council met.", ["The council met."]),
        ("## Title: Council meets\nThe council met.", ["The council met."]),
        ("The mayor said: nobody knew", ["The mayor said: nobody knew"]),
        ("He said: “No.”", ["He said: “No.”"]),
        ("Verdict: the council met.", ["Verdict: the council met."]),
        ("", []),
        ("## Key points\nThe council met.", ["The council met."]),
        ("**The council met.**", ["The council met."]),
        ("Summary\n\nThe council met.", ["The council met."]),
        ("Sure! Here is the summary you asked for:\n(2) The council met.", ["The council met."]),
        ("The mayor lives here. He said:\n“No.”", ["The mayor lives here.", "He said:", "“No.”"]),
        ("a) The council met.\n> Nobody knew.\n— He left.", ["The council met.", "Nobody knew.", "He left."]),
        ("The council met\n\nNobody knew why", ["The council met", "Nobody knew why"]),
        ("| cost | 999 million |\n|---|---|\n| date | 3 May |\n\nThe council met.", ["The council met."]),
        ("The **council** met *again*, see [it](http://a.example/b).", ["The council met again, see it."]),
        ("- **Vote:** They chose the tram.\n- **Cost**: 9 million", ["They chose the tram.", "Cost: 9 million"]),
        ("**Vote:** They chose it.\nNobody knew.", ["Vote: They chose it.", "Nobody knew."]),
        ("```\nThe council met.\n```", ["The council met."]),
        ("The `council\nmet` on \0 Monday.", ["The council", "met on \0 Monday."]),
        ("    The council met.\n\tNobody knew.", ["The council met.", "Nobody knew."]),
        ("The vote_count is 5 * 3 * 2.\r\n# Heading\r\nNobody knew.", ["The vote_count is 5 * 3 * 2.", "Nobody knew."]),
        ("Mayor Ann Lee resigns\n\nNobody knew.", ["Mayor Ann Lee resigns", "Nobody knew."]),
    ],
)
def test_sentences_are_claims_but_headings_labels_and_tables_are_not(summary: str, expected: list[str]) -> None:
    assert texts(summary) == expected


def test_sentences_follow_the_rules_of_the_language() -> None:
    assert texts("Der Bus fuhr ab. Er kam nie an.", "de") == ["Der Bus fuhr ab.", "Er kam nie an."]
    assert texts("市长说：“我辞职。”火灾造成14人受伤。", "zh") == ["市长说：“我辞职。”", "火灾造成14人受伤。"]


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        ("The council met. The mayor was", ["The council met."]),
        ("The council met. The mayor said “no.”", ["The council met.", "The mayor said “no.”"]),
        ("Elle a dit : « Je pars. »", ["Elle a dit : « Je pars. »"]),
        ("市长周一辞职。火灾造成", ["市长周一辞职。"]),
        ("The mayor was", []),
    ],
)
def test_sentence_cut_off_by_the_token_limit_is_not_a_claim(summary: str, expected: list[str]) -> None:
    language = "en" if summary.isascii() or "“" in summary else "zh"
    assert texts(summary, language, cut_off=True) == expected


def test_ended_summary_keeps_its_last_claim_and_a_missing_one_has_none() -> None:
    assert texts("The council met. New vote in May") == ["The council met.", "New vote in May"]
    assert find_fragment(Generation("r", "New vote in May"), "en") is None
    assert find_claims(Generation("r", None, "the model returned no text", "none"), "en") == []


def test_offsets_point_into_the_summary_with_its_markdown() -> None:
    summary = "# Tram\n\n- The **council** met.\n- *Nobody* knew [it](http://a.example)."
    spans = find_claims(Generation("r", summary), "en")
    expected = ["The **council** met.", "Nobody* knew [it](http://a.example)."]
    assert [summary[span.start : span.end] for span in spans] == expected


@given(st.text(st.sampled_from("aB.!? \n\r\t#*_`|~[]()-:>1")))
def test_any_markdown_keeps_its_length_and_line_breaks(text: str) -> None:
    plain = blank_markdown(text)
    assert len(plain) == len(text)
    assert [at for at, sign in enumerate(plain) if sign == "\n"] == [at for at, sign in enumerate(text) if sign == "\n"]
    for span in find_claims(Generation("r", text), "en"):
        assert 0 <= span.start < span.end <= len(text)

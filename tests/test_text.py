from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from timing import growth

from harness.suggest import english
from harness.text import is_blank, is_dialogue, sentences, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Don’t stop: 3.5 million_x", ["don't", "stop", "3", "5", "million", "x"]),
        ("市长辞职", ["市", "长", "辞", "职"]),
        ("第14周ABC公司", ["第", "14", "周", "abc", "公", "司"]),
        ("시장이 사임했다", ["시장이", "사임했다"]),
        ("สวัสดี", ["ส", "ว", "ส", "ด"]),
        ("naïve Größe", ["naïve", "größe"]),
    ],
)
def test_each_letter_of_an_unspaced_script_is_a_word(text: str, found: list[str]) -> None:
    assert words(text) == found


@pytest.mark.parametrize(
    "text",
    ["हिन्दी भाषा में यह एक वाक्य है", "বাংলা ভাষা", "q̃ante x̱a n̈"],
    ids=["Hindi", "Bengali", "letters with marks that have no composed form"],
)
def test_vowel_signs_belong_to_their_word(text: str) -> None:
    assert words(f"{text}!") == text.split()


def test_variation_selectors_are_not_part_of_words() -> None:
    assert words("It\ufe0f is 1\ufe0f\u20e3, \u0301alone.") == ["it", "is", "1", "alone"]


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("12. Mai 2024 wurde sie eröffnet. Es regnete.", "de", ["12. Mai 2024 wurde sie eröffnet.", "Es regnete."]),
        ("Ein Tag:\n1. Mai 2024 war frei.", "de", ["Ein Tag:", "1. Mai 2024 war frei."]),
        ("1. Sie wurde eröffnet.\n2. Es regnete.", "de", ["Sie wurde eröffnet.", "Es regnete."]),
        ("2. Sie wurde eröffnet.\nDazu:\n\n3. Es regnete.", "de", ["Sie wurde eröffnet.", "Dazu:", "Es regnete."]),
        ("12. Mai 2024 kam er.\n13. Mai 2024 ging er.", "de", ["12. Mai 2024 kam er.", "13. Mai 2024 ging er."]),
        ("Beschluss:\n1. Die Steuer sinkt.\n1. Es regnet.", "de", ["Beschluss:", "Die Steuer sinkt.", "Es regnet."]),
        ("1. 第一点。", "zh", ["第一点。"]),
        ("他走。2人伤。“好。”3人。「是。」4人。", "zh", ["他走。", "2人伤。", "“好。”", "3人。", "「是。」", "4人。"]),
    ],
)
def test_number_at_a_stop_begins_a_list_item_or_a_sentence(text: str, language: str, found: list[str]) -> None:
    assert [span.text for span in sentences(text, language)] == found


@pytest.mark.parametrize(
    ("language", "found"),
    [
        ("fr", ["M. Macron a promis trois milliards.", "Il est parti."]),
        ("fr-CA", ["Il cite M. Macron.", "Le Dr. Roux dit non."]),
        ("fr", ["J.-P. Roux est à Nice.", "Elle aime Léa.", "Il part."]),
        ("fr", ["Il dit : « Je pars. »", "« Où ?\u00a0» demande-t-elle.", "« Non. »", "Fin."]),
        ("es", ["Dña. Ana es de la ONU.", "D. Juan vive en Lima."]),
        ("es", ["La n.º 3 ganó.", "Está en la 2.ª división."]),
        ("en", ["She left at 5 p.m. Tuesday.", "It was 10 a.m. EST on Monday.", "It was 6 p.m.", "The mayor left."]),
        ("ru", ["Он уехал в США.", "Она здесь."]),
        ("de-CH", ["Es kostet 5 Mio. Euro.", "Er kam am 12. Mai."]),
        ("de", ["„Warum?“, fragte sie.", "„Darum.“"]),
        ("hi", ['वह बोली, "मैं आऊँगी।"', "बारिश हुई।"]),
    ],
)
def test_initials_titles_abbreviations_and_quotes_do_not_end_a_sentence(language: str, found: list[str]) -> None:
    assert [span.text for span in sentences(" ".join(found), language)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("'My wife left. 'I stayed. 'We met later.'", ["'My wife left.", "'I stayed.", "'We met later.'"]),
        ('"I stayed." He left. "Why?" asked Tom.', ['"I stayed."', "He left.", '"Why?" asked Tom.']),
        ("“It was Mr. Smith's house. We don't know.”", ["“It was Mr. Smith's house.", "We don't know.”"]),
        ("The '90s were great. He said 'no.'", ["The '90s were great.", "He said 'no.'"]),
        ("`` it is hard, '' said koirala. she left.", ["`` it is hard, '' said koirala.", "she left."]),
        ("if he'd started last year. he's out of time.", ["if he'd started last year.", "he's out of time."]),
    ],
)
def test_sentences_in_quotes_are_split(text: str, found: list[str]) -> None:
    assert [span.text for span in sentences(text)] == found


def test_text_of_invisible_characters_is_blank() -> None:
    assert is_blank(" \n\u200b\u200d\u2060\ufeff\u00ad\u3164\u2800")
    assert not is_blank("…")
    assert not is_blank("नमस्ते")


def test_lone_surrogates_are_tolerated() -> None:
    text = "The mayor \ud83d resigned. Nobody knows \udc00 why."
    assert [span.text for span in sentences(text)] == ["The mayor \ud83d resigned.", "Nobody knows \udc00 why."]
    assert len(english.parse(text).text) == len(text)


@pytest.mark.parametrize(("read", "repeated"), [(sentences, "!"), (is_dialogue, "a'")])
def test_time_to_read_a_repeated_sign_grows_linearly(read: Callable[[str], object], repeated: str) -> None:
    """Some models repeat a sign up to their token limit. The number makes each text new to the cache."""
    numbers = count()
    assert growth(*(lambda n=n: read(f"{next(numbers)} {repeated * n}") for n in (2_000, 8_000))) < 8


@given(st.text(st.characters(), max_size=60), st.sampled_from(["en", "fr"]))
def test_sentences_of_any_text_have_correct_offsets(text: str, language: str) -> None:
    for span in sentences(text, language):
        assert text[span.start : span.end] == span.text

"""extractiveness, novelty, repetition and length: numbers from the texts alone."""

from __future__ import annotations

import pytest
from builders import case, item, reasons, run_scorer, values
from hypothesis import given
from hypothesis import strategies as st

from harness.scorers.wording import Extractiveness, Length, Novelty, Repetition

ARTICLE = "The minerals deal was not signed. Zelensky left the White House early after a row with Trump on Friday."

few_words = st.lists(st.sampled_from("abc"), min_size=1, max_size=12)


def fragments_as_printed(summary: list[str], article: list[str]) -> list[int]:
    """F(A, S) of Grusky et al. 2018, figure 3, transcribed step by step (0-based)."""
    lengths = []
    i = j = 0
    while i < len(summary):
        longest = 0
        while j < len(article):
            if summary[i] == article[j]:
                i2, j2 = i, j
                while i2 < len(summary) and j2 < len(article) and summary[i2] == article[j2]:
                    i2, j2 = i2 + 1, j2 + 1
                longest = max(longest, i2 - i)
                j = j2
            else:
                j += 1
        i, j = i + max(longest, 1), 0
        if longest:
            lengths.append(longest)
    return lengths


@given(few_words, few_words)
def test_fragments_are_those_of_the_published_algorithm(summary: list[str], article: list[str]) -> None:
    lengths = fragments_as_printed(summary, article)
    found = values(Extractiveness(), case(" ".join(summary), item(" ".join(article))))
    assert found["extractive_coverage"] == sum(lengths) / len(summary)
    assert found["extractive_density"] == sum(length**2 for length in lengths) / len(summary)
    again = values(Extractiveness(), case(" ".join(summary).upper(), item(" ".join(article))))
    assert again == found, "capitals do not count"


def test_extractiveness_needs_words_on_both_sides() -> None:
    assert reasons(Extractiveness(), case("🎉", item(ARTICLE))) == {"the summary has no words"}
    assert reasons(Extractiveness(), case("Talks collapsed", item("🎉"))) == {"the article has no words"}


def test_novel_n_grams_by_hand() -> None:
    """Novel in "the deal was not made": 1 word, 2 bigrams, 2 of 3 trigrams (not "deal was not"), both 4-grams."""
    found = values(Novelty(), case("The deal was not made.", item(ARTICLE)))
    assert found == {"novelty1": 1 / 5, "novelty2": 2 / 4, "novelty3": 2 / 3, "novelty4": 1.0}
    repeated = values(Novelty(n=1), case("The talks collapsed. The talks collapsed.", item(ARTICLE)))
    assert repeated == {"novelty1": pytest.approx(2 / 3)}  # distinct words: the, talks, collapsed
    assert values(Novelty(n=1), case("ukraine's LEADER spoke", item("Ukraine’s leader spoke"))) == {"novelty1": 0.0}


def test_summary_with_too_few_words_has_a_reason() -> None:
    scores = run_scorer(Novelty(), case("Trump left", item(ARTICLE)))
    assert [scores[f"novelty{n}"].value for n in (1, 2)] == [0.0, 1.0]
    assert scores["novelty3"].reason == "the summary has fewer than 3 words"
    assert scores["novelty4"].reason == "the summary has fewer than 4 words"
    assert reasons(Novelty(), case("🎉", item(ARTICLE))) == {"the summary has no words"}
    scores = run_scorer(Repetition(), case("Talks ended."))
    assert scores["repetition"].reason == "the summary has fewer than 3 words"
    assert scores["repeated_sentences"].value == 0.0
    assert reasons(Repetition(), case("🎉 …")) == {"the summary has no words"}


def test_repeated_n_grams_and_sentences_by_hand() -> None:
    """Trigrams abc bca cab abc bca: 3 distinct of 5. The second of three sentences repeats the first in capitals."""
    assert values(Repetition(), case("a b c a b c a"))["repetition"] == pytest.approx(2 / 5)
    assert values(Repetition(n=1), case("a b c a b c a"))["repetition"] == pytest.approx(4 / 7)
    found = values(Repetition(), case("It was signed.\n- It WAS signed!\n***\nTalks ended."))
    assert found["repeated_sentences"] == pytest.approx(1 / 3)


def test_length_by_hand() -> None:
    """Dr. does not end a sentence, the apostrophe does not split a word, and outer white space does not count."""
    found = values(Length(), case("  Dr. Smith didn't sign.\nHe left on 28 May.  \n"))
    assert found == {"words": 9.0, "sentences": 2.0, "characters": 41.0}


def test_length_against_a_target() -> None:
    found = values(Length(target_words=60), case("word " * 90))
    assert (found["words"], found["length_ratio"]) == (90.0, 1.5)
    assert values(Length(target_words=60), case("🎉"))["length_ratio"] == 0.0

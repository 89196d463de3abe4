from __future__ import annotations

import math
from importlib.metadata import version

import networkx
import numpy as np
import pytest
from asking import generate_one, request
from builders import case, item
from hypothesis import given, settings
from hypothesis import strategies as st
from rouge_score.rouge_scorer import RougeScorer

from harness.models.baselines import Human, Lead, Oracle, TextRank, compare_sentences, rank_nodes, sum_rouge
from harness.records import Article, Item, Part
from harness.seams import Model
from harness.text import words

TEXT = "A headline without an end\n\nDr. Ada came. She saw it!\nShe left. It was over."


@pytest.mark.parametrize(
    ("model", "text", "reason"),
    [
        (Lead(), " \n\n ", "the article's body has no sentence"),
        (Oracle(), "One. Two.", "the article has no reference to compare sentences with"),
        (Human(), "One. Two.", "the article has no reference"),
    ],
)
def test_summary_that_cannot_be_made_has_a_reason(model: Model, text: str, reason: str) -> None:
    made = generate_one(model, request(item(text)))
    assert (made.text, made.reason, made.finish) == (None, reason, "none")


@pytest.mark.parametrize(("model", "same"), [(Lead(), True), (TextRank(), True), (Oracle(), False), (Human(), False)])
def test_only_ceilings_are_generated_again_after_a_reference_is_added(model: Model, same: bool) -> None:
    ids = {model.request(item(TEXT, references), "system").id for references in ({}, {"r01": "She left."})}
    assert len(ids) == (1 if same else 2)


# Lead -----------------------------------------------------------------------------------------------------------------


def test_lead_returns_the_first_sentences_with_their_line_breaks() -> None:
    made = generate_one(Lead(sentences=3), request(item(TEXT)))
    assert made.text == "A headline without an end\nDr. Ada came. She saw it!"
    assert made.finish == "stop"
    assert made.seconds is not None


def test_lead_starts_at_the_body() -> None:
    start = TEXT.index("Dr.")
    article = Article("a", TEXT, parts=(Part("headline", 0, start - 2), Part("body", start, len(TEXT))))
    assert generate_one(Lead(sentences=1), request(Item(article))).text == "Dr. Ada came."


@pytest.mark.parametrize("text", ["One. Two.", "下雨了。市长辞职了。", "😀😀", "مرحبا بالعالم.", "word"])
def test_lead_returns_a_short_body_whole(text: str) -> None:
    assert generate_one(Lead(), request(item(text))).text == text


def test_signature_has_the_options_and_the_version_of_the_sentence_splitter() -> None:
    assert Lead(sentences=2).signature().startswith(f"lead|sentences:2|sentencex:{version('sentencex')}|code:")


# TextRank -------------------------------------------------------------------------------------------------------------


def test_similarity_is_shared_words_over_log_lengths() -> None:
    found = compare_sentences([["the", "cat", "sat", "the"], ["the", "cat"], ["a", "dog"]])
    expected = 2 / (math.log(4) + math.log(2))  # "the" and "cat", once each
    assert found == pytest.approx(np.array([[0, expected, 0], [expected, 0, 0], [0, 0, 0]]))
    assert not compare_sentences([["yes"], ["yes"], []]).any()  # log lengths of 0


@settings(max_examples=60)
@given(st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=6), min_size=1, max_size=8))
def test_ranks_agree_with_networkx(texts: list[list[str]]) -> None:
    """Some sentences have no links; from these, both implementations jump to every sentence with equal probability."""
    weights = compare_sentences(texts)
    theirs = networkx.pagerank(networkx.from_numpy_array(weights), alpha=0.85, tol=1e-10, max_iter=1000)
    assert rank_nodes(weights, 0.85).tolist() == pytest.approx([theirs[node] for node in range(len(texts))], abs=1e-6)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Only one sentence.", "Only one sentence."),
        ("Same here. Same here. Same here. Same here.", "Same here. Same here."),
        ("Alpha. Beta. Gamma.", "Alpha. Beta."),
        ("😀 😀. 🎉 🎉.", "😀 😀. 🎉 🎉."),
    ],
    ids=["one", "identical", "nothing shared", "no words"],
)
def test_textrank_breaks_ties_by_position(text: str, expected: str) -> None:
    assert generate_one(TextRank(sentences=2), request(item(text))).text == expected


# Oracle ---------------------------------------------------------------------------------------------------------------

WORDS = st.lists(st.sampled_from("abcde"), max_size=12)


class Tokens:
    """Our tokenizer for rouge-score, so that only the counting is compared."""

    def tokenize(self, text: str) -> list[str]:
        return words(text)


ROUGE = RougeScorer(["rouge1", "rouge2"], tokenizer=Tokens())
RAIN = "Rain fell on Monday. The dam broke."


@given(WORDS, WORDS)
def test_overlap_equals_rouge_score(text: list[str], reference: list[str]) -> None:
    found = ROUGE.score(" ".join(reference), " ".join(text))
    assert sum_rouge(text, reference) == pytest.approx(found["rouge1"].fmeasure + found["rouge2"].fmeasure)


@pytest.mark.parametrize(
    ("model", "text", "references", "expected"),
    [
        (Oracle(), "Rain fell on Monday. Nobody noticed. The dam broke.", [RAIN], RAIN),
        (Oracle(sentences=1), "The dam broke. Nobody noticed. Rain fell on Monday.", [RAIN], "Rain fell on Monday."),
        (Oracle(), "Cats sleep. Cats sleep. Dogs bark.", ["cats sleep"], "Cats sleep."),
        (
            Oracle(),
            "Dogs bark. Cats sleep all day. Something happened. Birds sing.",
            ["Something else was written by hand.", "Cats sleep all day. Birds sing."],
            "Cats sleep all day. Birds sing.",
        ),
        (Oracle(), "One. Two.", ["três quatro"], "One."),
    ],
    ids=["both", "one", "repeat", "best reference", "nothing shared"],
)
def test_oracle_follows_the_best_reference(model: Oracle, text: str, references: list[str], expected: str) -> None:
    found = item(text, {str(number): reference for number, reference in enumerate(references)})
    assert generate_one(model, request(found)).text == expected


# Human ----------------------------------------------------------------------------------------------------------------


def test_each_reference_is_a_sample_that_is_scored_against_the_others() -> None:
    two = item("An article.", {"deck": "A deck.", "long": "A long one.\n\nWith a second paragraph."})
    assert (Human().samples_for(two), Human().samples_for(item("An article."))) == (2, 1)
    made = [generate_one(Human(), request(two, sample)) for sample in range(2)]
    assert [one.text for one in made] == ["A deck.", "A long one.\n\nWith a second paragraph."]
    assert [one.reference_id for one in made] == ["deck", "long"]
    assert [reference.id for reference in case(made[1], two).references] == ["deck"]

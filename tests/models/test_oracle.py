from __future__ import annotations

import itertools

import pytest
from asking import answer, request
from builders import item, project_item
from hypothesis import given, settings
from hypothesis import strategies as st
from rouge_score.rouge_scorer import RougeScorer

from harness.models.oracle import Oracle, Overlap
from harness.text import sentences, words

WORDS = st.lists(st.sampled_from("abcde"), max_size=12)


class Tokens:
    """Our tokenizer for rouge-score, so that only the counting is compared."""

    def tokenize(self, text: str) -> list[str]:
        return words(text)


ROUGE = RougeScorer(["rouge1", "rouge2"], tokenizer=Tokens())


def rouge(reference: str, text: str) -> float:
    """ROUGE-1 F1 + ROUGE-2 F1 by the rouge-score package."""
    found = ROUGE.score(reference, text)
    return float(found["rouge1"].fmeasure + found["rouge2"].fmeasure)


@given(WORDS, st.lists(WORDS, min_size=1, max_size=3))
def test_overlap_equals_rouge_score(reference: list[str], texts: list[list[str]]) -> None:
    ours = Overlap(reference).score(texts)
    assert ours == pytest.approx(rouge(" ".join(reference), " ".join(" ".join(text) for text in texts)))


def test_hand_worked_choice() -> None:
    goal = Overlap(words("Rain fell on Monday. The dam broke."))  # 7 words, 6 pairs
    first, last = words("Rain fell on Monday."), words("The dam broke.")
    assert goal.score([first]) == pytest.approx(2 * 4 / (7 + 4) + 2 * 3 / (6 + 3))
    assert goal.score([last]) == pytest.approx(2 * 3 / (7 + 3) + 2 * 2 / (6 + 2))
    assert goal.score([first, last]) == 2
    text = "Rain fell on Monday. Nobody noticed. The dam broke."
    found = item(text, {"r": "Rain fell on Monday. The dam broke."})
    assert answer(Oracle(), request(found)).text == "Rain fell on Monday. The dam broke."
    assert answer(Oracle(sentences=1), request(found)).text == "Rain fell on Monday."


def test_sentence_that_does_not_raise_the_score_is_left_out() -> None:
    assert (
        answer(Oracle(), request(item("Cats sleep. Cats sleep. Dogs bark.", {"r": "cats sleep"}))).text == "Cats sleep."
    )


def test_best_matched_reference_is_used() -> None:
    references = {"free": "Something else was written by hand.", "copied": "Cats sleep all day. Birds sing."}
    text = "Dogs bark. Cats sleep all day. Something happened. Birds sing."
    assert answer(Oracle(), request(item(text, references))).text == "Cats sleep all day. Birds sing."


def test_no_added_sentence_raises_the_score_on_the_real_article() -> None:
    """The greedy choice may miss the best set, but no single addition improves it."""
    real = project_item()
    found = [span.text for span in sentences(real.article.body)]
    made = answer(Oracle(), request(real)).text
    assert made is not None
    chosen = [index for index, text in enumerate(found) if text in made]
    best = {reference.id: rouge(reference.text, made) for reference in real.references}
    followed = max(best, key=lambda key: best[key])
    target = next(reference.text for reference in real.references if reference.id == followed)
    for index in set(range(len(found))) - set(chosen):
        more = " ".join(found[at] for at in sorted([*chosen, index]))
        assert rouge(target, more) <= best[followed] + 1e-12


@settings(max_examples=40)
@given(st.lists(WORDS.filter(bool), min_size=1, max_size=5), WORDS.filter(bool))
def test_score_is_between_the_best_sentence_and_the_best_set(texts: list[list[str]], reference: list[str]) -> None:
    found = [f"{' '.join(text).capitalize()}." for text in texts]
    target = " ".join(reference)
    made = answer(Oracle(), request(item("\n".join(found), {"r": target}))).text
    assert made is not None
    score = rouge(target, made)
    subsets = [
        rouge(target, " ".join(subset))
        for size in range(1, len(found) + 1)
        for subset in itertools.combinations(found, size)
    ]
    assert max(rouge(target, text) for text in found) - 1e-9 <= score <= max(subsets) + 1e-9


def test_missing_references_are_a_reason() -> None:
    made = answer(Oracle(), request(item("One. Two.")))
    assert (made.text, made.finish) == (None, "none")
    assert made.reason == "the article has no reference to choose against"


def test_first_sentence_if_no_word_is_shared() -> None:
    assert answer(Oracle(), request(item("One. Two.", {"r": "três quatro"}))).text == "One."

"""Nearly equal texts are found by hash exactly where comparing every pair finds them."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from harness.data.articles.near import NEAR, near


def runs(text: str) -> set[tuple[str, ...]]:
    words = text.split()
    return {tuple(words[start : start + 5]) for start in range(len(words) - 4)}


@pytest.mark.slow
def test_it_finds_the_pairs_that_a_comparison_of_all_finds() -> None:
    rng = random.Random(0)  # noqa: S311  # texts for a test
    vocabulary = [f"w{number}" for number in range(500)]
    texts = []
    for _ in range(40):
        words = rng.choices(vocabulary, k=300)
        texts.append(" ".join(words))
        for changes in (1, 4, 20):
            for place in rng.sample(range(300), changes):
                words[place] = rng.choice(vocabulary)
            texts.append(" ".join(words))
    expected = {}
    for one, other in combinations(range(len(texts)), 2):
        shared = len(runs(texts[one]) & runs(texts[other])) / len(runs(texts[one]) | runs(texts[other]))
        if shared >= NEAR:
            expected[one, other] = shared
    index_of = {(one, other): index for one, other, index in near(texts)}
    assert len(expected) > 60
    assert set(index_of) == set(expected)
    assert all(abs(index_of[pair] - expected[pair]) < 0.01 for pair in expected)


def test_short_and_empty_texts_are_no_matter() -> None:
    assert list(near(["", "", "one", "one", "two words"])) == [(2, 3, 1.0)]
    assert list(near([])) == []

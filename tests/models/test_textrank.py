from __future__ import annotations

import math

import networkx
import numpy as np
import pytest
from asking import answer, request
from builders import item, project_item
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.models.textrank import TextRank, compare_sentences, rank_nodes
from harness.text import sentences, words


def test_similarity_is_shared_words_over_log_lengths() -> None:
    found = compare_sentences([["the", "cat", "sat", "the"], ["the", "cat"], ["a", "dog"]])
    expected = 2 / (math.log(4) + math.log(2))  # "the" and "cat", once each
    assert found == pytest.approx(np.array([[0, expected, 0], [expected, 0, 0], [0, 0, 0]]))


def test_short_sentences_have_similarity_0() -> None:
    found = compare_sentences([["yes"], ["yes"], []])
    assert found.tolist() == [[0, 0, 0], [0, 0, 0], [0, 0, 0]]


@settings(max_examples=60)
@given(st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=6), min_size=1, max_size=8))
def test_ranks_agree_with_networkx(texts: list[list[str]]) -> None:
    """This includes sentences without links, from which both jump to every sentence equally."""
    weights = compare_sentences(texts)
    theirs = networkx.pagerank(networkx.from_numpy_array(weights), alpha=0.85, tol=1e-10, max_iter=1000)
    assert rank_nodes(weights, 0.85).tolist() == pytest.approx([theirs[node] for node in range(len(texts))], abs=1e-6)


def test_summary_of_the_real_article_has_networkx_top_sentences() -> None:
    real = project_item()
    found = sentences(real.article.body)
    graph = networkx.from_numpy_array(compare_sentences([words(span.text) for span in found]))
    ranks = networkx.pagerank(graph, tol=1e-10)
    best = sorted(sorted(ranks, key=lambda node: -ranks[node])[:3])
    made = answer(TextRank(), request(real)).text
    assert made is not None
    assert [span.text for span in sentences(made)] == [found[index].text for index in best]


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
def test_ties_go_to_the_earlier_sentence(text: str, expected: str) -> None:
    assert answer(TextRank(sentences=2), request(item(text))).text == expected

"""Short pairs put into articles: what is learned from them."""

from __future__ import annotations

import random

from benchmarks.training.corpora import Example
from benchmarks.training.embedded import embedded, inside, is_sentence

ARTICLE = "The council met on Tuesday. Farmers protested outside. Work begins in March."


def test_the_premise_is_put_among_the_sentences_which_stay_in_order() -> None:
    places = set()
    for seed in range(20):
        found = inside(ARTICLE, "A bridge closed.", random.Random(seed))  # noqa: S311  # no secret is drawn
        assert found.replace("A bridge closed.", "").split() == ARTICLE.split()
        places.add(found.index("A bridge closed."))
    assert len(places) == 4  # before each of three sentences, or at the end


def test_a_pair_keeps_its_hypothesis_and_label_and_its_premise_is_what_would_be_read_of_the_article() -> None:
    short = Example("A bridge closed after the flood.", "The bridge is closed.", "supported", "rte")
    (found,) = embedded([short], [" ".join([ARTICLE] * 20)], random.Random(0))  # noqa: S311  # no secret is drawn
    assert (found.hypothesis, found.label, found.source) == ("The bridge is closed.", "supported", "embedded")
    assert short.premise in found.premise
    assert len(found.premise.split()) < 200


def test_a_long_premise_is_no_sentence_of_an_article() -> None:
    assert is_sentence("word " * 60)
    assert not is_sentence("word " * 61)

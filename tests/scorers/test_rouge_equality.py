"""ROUGE as the rouge-score package computes it: on 2,500 summaries of 25 systems, and on lines made up to be hard."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.stem.porter import PorterStemmer
from resources import labelled_data
from rouge_score import rouge_scorer, tokenize

from harness.scorers.rouge import compare, read_text
from harness.scorers.stems import make_tokenizer, stem
from harness.text import sentences

TYPES = ["rouge1", "rouge2", "rougeL", "rougeLsum"]


class CachingTokenizer:
    """rouge-score's tokens and nltk's stems, cached, which saves ten seconds."""

    def __init__(self, stemmer: bool) -> None:
        self.stem = lru_cache(maxsize=None)(PorterStemmer().stem)
        self.tokenize = lru_cache(maxsize=None)(lambda text: tokenize.tokenize(text, self if stemmer else None))


def pairs() -> Iterator[tuple[str, str]]:
    """Reference and summary of each of the 2,500."""
    articles = map(json.loads, labelled_data("realsumm_articles.jsonl").read_text(encoding="utf-8").splitlines())
    references = {article["id"]: article["references"] for article in articles}
    for line in labelled_data("realsumm_outputs.jsonl").read_text(encoding="utf-8").splitlines():
        output = json.loads(line)
        for reference in references[output["article_id"]]:
            yield reference, output["summary"]


def lines(text: str) -> str:
    return "\n".join(span.text for span in sentences(text))


@pytest.mark.parametrize(("stemmer", "every"), [pytest.param(True, 1, marks=pytest.mark.slow), (True, 10), (False, 10)])
def test_all_summaries_score_like_rouge_score(stemmer: bool, every: int) -> None:
    tokenizer = CachingTokenizer(stemmer)
    whole = rouge_scorer.RougeScorer(TYPES[:3], tokenizer=tokenizer)
    in_lines = rouge_scorer.RougeScorer(TYPES[3:], tokenizer=tokenizer)
    read = make_tokenizer("en", stemmer)
    compared = list(pairs())[::every]
    assert len(compared) == 2500 / every
    for reference, summary in compared:
        theirs = whole.score(reference, summary) | in_lines.score(lines(reference), lines(summary))
        ours = compare(read_text(reference, read, "en"), read_text(summary, read, "en"))
        for rouge in TYPES:
            assert tuple(ours[rouge]) == pytest.approx(tuple(theirs[rouge]), rel=0, abs=1e-12), (rouge, summary)


@pytest.mark.parametrize("stemmer", [True, False])
@given(text=st.text() | st.text(alphabet="aeinrst gy'-\nÀ9İß", max_size=40))
def test_words_equal_rouge_score(stemmer: bool, text: str) -> None:
    assert make_tokenizer("en", stemmer)(text) == CachingTokenizer(stemmer).tokenize(text)


few_words = st.lists(st.sampled_from("abcd"), max_size=12)


@settings(max_examples=150)
@given(st.lists(few_words, max_size=4), st.lists(few_words, max_size=4))
def test_all_four_equal_rouge_score_with_repeated_words(reference: list[list[str]], summary: list[list[str]]) -> None:
    """With few different words, clipping and the choice among equal subsequences matter often."""
    texts = ["\n".join(" ".join(line) for line in text) for text in (reference, summary)]
    theirs = rouge_scorer.RougeScorer(TYPES).score(*texts)
    read = make_tokenizer("en", False)
    ours = compare(*(read_text(text, read, "en") for text in texts))
    assert {rouge: tuple(found) for rouge, found in ours.items()} == {
        rouge: pytest.approx(tuple(theirs[rouge]), rel=0, abs=1e-12) for rouge in TYPES
    }


@given(st.text(alphabet="Σσaé\u0301 .!?\n\u00a0-•1)", max_size=30) | st.text(max_size=30))
def test_words_of_a_text_equal_those_of_its_lines(text: str) -> None:
    """They are joined from its lines if these have all words."""
    for read in (make_tokenizer("en", False), make_tokenizer("el", False)):
        assert read_text(text, read, "en").words == read(text)


NLTK = PorterStemmer()
SUFFIXES = [
    "ational", "tional", "enci", "anci", "izer", "bli", "alli", "entli", "eli", "ousli", "ization", "ation", "ator",
    "alism", "iveness", "fulness", "ousness", "aliti", "iviti", "biliti", "fulli", "logi", "icate", "ative", "alize",
    "iciti", "ical", "ful", "ness", "al", "ance", "er", "ic", "able", "ant", "ement", "ment", "ent", "ion", "ou", "ism",
    "ate", "ous", "ive", "ize", "ed", "ing", "eed", "ied", "ies", "sses", "s", "y", "ly", "e", "ll",
]  # fmt: skip  # a list of endings
BEGINNINGS = st.text("aeiouybdlstwxz0", max_size=6)


@settings(max_examples=500)
@given(st.tuples(BEGINNINGS, st.sampled_from(SUFFIXES), st.sampled_from(["", "s", "ed", "ing", "ly"])).map("".join))
def test_stems_of_all_suffixes_equal_nltk(word: str) -> None:
    assert stem(word) == NLTK.stem(word)

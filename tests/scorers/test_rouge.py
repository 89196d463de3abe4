"""ROUGE as the rouge-score package computes it, in hand-worked cases, and in other languages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from statistics import fmean

import pytest
from builders import case, item, reasons, run_scorer, values
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.stem.porter import PorterStemmer
from resources import labelled_data
from rouge_score import tokenize
from rouge_score.rouge_scorer import RougeScorer

from harness.records import Article, Case, Generation, Item, Reference
from harness.scorers.rouge import Rouge, compare, read_text
from harness.scorers.stems import make_tokenizer, stem
from harness.text import sentences

TYPES = ["rouge1", "rouge2", "rougeL", "rougeLsum"]
REFERENCES = {
    "deck": "Zelensky urges stronger US support after the Oval Office meeting.",
    "bullets": "- The minerals deal was not signed.\n- Zelensky left early.\n- European leaders backed Ukraine.",
    "prose": "Ukraine's president asked the U.S. for security guarantees. Mr. Trump said he must want peace first.",
}
SUMMARY = "Zelensky left the Oval Office early. The minerals deal was left unsigned, and leaders support Ukraine."


def lines(text: str) -> str:
    return "\n".join(span.text for span in sentences(text))


def test_best_reference_equals_score_multi_and_each_is_named_best_first() -> None:
    made = case(SUMMARY, item(references={**REFERENCES, "unreadable": "协议已签署。"}))
    scores, theirs = run_scorer(Rouge(), made), RougeScorer(TYPES[:3], use_stemmer=True)
    best = theirs.score_multi(list(REFERENCES.values()), SUMMARY)
    for rouge in TYPES[:3]:
        found = tuple(scores[f"{rouge}{part}"].value for part in (".precision", ".recall", ""))
        assert found == tuple(best[rouge])
    by_reference = {key: theirs.score(text, SUMMARY)["rouge1"] for key, text in REFERENCES.items()}
    ranked = sorted(by_reference, key=lambda key: -by_reference[key].fmeasure)
    assert scores["rouge1"].names == tuple(f"{key}={by_reference[key].fmeasure:.4f}" for key in ranked)
    assert scores["rouge1.recall"].names == tuple(f"{key}={by_reference[key].recall:.4f}" for key in ranked)
    assert scores["rouge1.mean"].value == pytest.approx(fmean(found.fmeasure for found in by_reference.values()))


def test_hand_worked_values() -> None:
    """police killed the gunman / police kill the gunman, of Lin 2004, section 3.1: 3 of 4 words, 1 of 3 bigrams."""
    made = case("police kill the gunman", item(references={"r": "police killed the gunman"}))
    unstemmed = values(Rouge(stemmer=False), made)
    assert unstemmed["rouge1"] == unstemmed["rougeL"] == unstemmed["rougeLsum"] == 0.75
    assert unstemmed["rouge2"] == pytest.approx(1 / 3)
    assert values(Rouge(), made)["rouge1"] == 1.0
    # Lsum takes the union over sentences: two sentences have the reference's words in another order, L finds 2 of 4
    swapped = values(Rouge(), case("Three four. One two.", item(references={"r": "One two three four."})))
    assert (swapped["rougeL"], swapped["rougeLsum"]) == (0.5, 1.0)
    # a reference that is scored like a summary is not compared with itself
    texts = {"first": "The deal was signed.", "second": "No deal was reached."}
    itself = Generation("request", texts["first"], reference_id="first")
    assert run_scorer(Rouge(), case(itself, item(references=texts)))["rouge1"].names == ("second=0.5000",)


@pytest.mark.parametrize(
    ("of", "reason"),
    [
        (case("It was signed."), "the article has no reference"),
        (
            case(Generation("request", "Yes.", reference_id="r"), item(references={"r": "Yes."})),
            "the article has no other reference",
        ),
        (
            case("协议已签署。", item(references={"r": "It was signed."})),
            "the summary has no letters (a to z) or digits for ROUGE to read",
        ),
        (
            case("It was signed.", item(references={"r": "协议已签署。"})),
            "no reference has letters (a to z) or digits for ROUGE to read",
        ),
    ],
)
def test_unreadable_text_has_a_reason(of: Case, reason: str) -> None:
    assert reasons(Rouge(), of) == {reason}


def test_other_languages_have_their_own_letters_and_stems() -> None:
    """In German, unterzeichnete and unterzeichneten have one stem, and ü is a letter; in English, ü splits words."""
    made = case("Die Länder unterzeichneten früher", item(references={"r": "Das Land unterzeichnete FRÜHER"}))
    assert values(Rouge(language="de", stemmer=False), made)["rouge1"] == 0.25
    assert values(Rouge(language="de"), made)["rouge1"] == 0.75
    assert values(Rouge(), made)["rouge1.recall"] == pytest.approx(2 / 5)  # fr, her


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("हिन्दी में लिखा", ["हिन्दी", "में", "लिखा"]),
        ("カタカナとABC 12", ["カ", "タ", "カ", "ナ", "と", "abc", "12"]),
        ("Schlußstrich—l'été", ["schlußstrich", "l", "été"]),
    ],
)
def test_words_of_any_script(text: str, words: list[str]) -> None:
    """A vowel sign splits no word; in a script without spaces, a character is a word."""
    assert make_tokenizer("xx", False)(text) == words


def test_language_can_be_taken_from_the_article() -> None:
    data = Item(Article("a", "", language="de-AT"), (Reference("r", "Die Länder unterschrieben."),))
    assert values(Rouge(language="article"), case("Dem Land", data))["rouge1.precision"] == 0.5
    assert list(Rouge(language="article").check()) == []


def test_language_without_a_stemmer_is_refused() -> None:
    """The check reports the option's language; each score reports the article's."""
    reason = "no stemmer for language 'zh'; set stemmer: false (languages with a stemmer: en, ar, "
    (problem,) = Rouge(language="zh").check()
    assert problem.startswith(reason)
    data = Item(Article("a", "", language="zh"), (Reference("r", "协议已签署。"),))
    (said,) = reasons(Rouge(language="article"), case("协议已签署。", data))
    assert (said or "").startswith(reason)
    assert values(Rouge(language="article", stemmer=False), case("协议已签署。", data))["rougeL"] == 1.0
    assert list(Rouge(language="zh", stemmer=False).check()) == []


# The rouge-score package ---------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize(("stemmer", "every"), [pytest.param(True, 1, marks=pytest.mark.slow), (True, 10), (False, 10)])
def test_all_summaries_score_like_rouge_score(stemmer: bool, every: int) -> None:
    tokenizer = CachingTokenizer(stemmer)
    whole = RougeScorer(TYPES[:3], tokenizer=tokenizer)
    in_lines = RougeScorer(TYPES[3:], tokenizer=tokenizer)
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
    theirs = RougeScorer(TYPES).score(*texts)
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

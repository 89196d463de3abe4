"""ROUGE as the rouge-score package computes it, in hand-worked cases, and in other languages."""

from __future__ import annotations

from statistics import fmean

import pytest
from builders import case, item, reasons, run_scorer, values
from rouge_score.rouge_scorer import RougeScorer

from harness.records import Article, Generation, Item, Reference
from harness.scorers.rouge import Rouge, split_words

TYPES = ["rouge1", "rouge2", "rougeL", "rougeLsum"]
REFERENCES = {
    "deck": "Zelensky urges stronger US support after the Oval Office meeting.",
    "bullets": "- The minerals deal was not signed.\n- Zelensky left early.\n- European leaders backed Ukraine.",
    "prose": "Ukraine's president asked the U.S. for security guarantees. Mr. Trump said he must want peace first.",
}
SUMMARY = "Zelensky left the Oval Office early. The minerals deal was left unsigned, and leaders support Ukraine."


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
    ("made", "reference", "reason"),
    [
        ("Signed.", {}, "the article has no reference"),
        (Generation("request", "Yes.", reference_id="r"), {"r": "Yes."}, "the article has no other reference"),
        ("协议已签署。", {"r": "Signed."}, "the summary has no letters (a to z) or digits for ROUGE to read"),
        ("Signed.", {"r": "协议已签署。"}, "no reference has letters (a to z) or digits for ROUGE to read"),
    ],
)
def test_unreadable_text_has_a_reason(made: str | Generation, reference: dict[str, str], reason: str) -> None:
    assert reasons(Rouge(), case(made, item(references=reference))) == {reason}


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
    assert split_words(text) == words


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

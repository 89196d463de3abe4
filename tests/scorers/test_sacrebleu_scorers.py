"""bleu and chrf: sacrebleu's numbers under sacrebleu's signature."""

from __future__ import annotations

import pytest
import sacrebleu
from builders import case, item, reasons, values
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from harness.records import Generation
from harness.scorers.sacrebleu import Bleu, Chrf

REFERENCES = {
    "deck": "Zelensky urges stronger US support after the Oval Office meeting.",
    "prose": "The minerals deal was not signed, and Zelensky left the White House early.",
}
SUMMARY = "Zelensky left the White House early; the deal was left unsigned."


def test_values_equal_sacrebleu() -> None:
    texts = list(REFERENCES.values())
    given = case(SUMMARY, item(references=REFERENCES))
    assert values(Bleu(), given)["bleu"] == sacrebleu.sentence_bleu(SUMMARY, texts).score
    assert values(Chrf(), given)["chrf"] == sacrebleu.sentence_chrf(SUMMARY, texts).score
    assert values(Chrf(word_order=2), given)["chrf"] == sacrebleu.sentence_chrf(SUMMARY, texts, word_order=2).score
    lower = values(Bleu(lowercase=True), case("TALKS ended", item(references={"r": "Talks ended"})))
    assert lower["bleu"] == pytest.approx(100)


def test_bleu_uses_all_references_and_chrf_the_best() -> None:
    """Each reference holds half of the summary's words."""
    both = {"one": "a b x y", "two": "x y c d"}
    together = case("a b c d", item(references=both))
    alone = [case("a b c d", item(references={key: text})) for key, text in both.items()]
    assert (values(Bleu(), together)["bleu"] or 0) > max(values(Bleu(), each)["bleu"] or 0 for each in alone) > 0
    assert values(Chrf(), together)["chrf"] == max(values(Chrf(), each)["chrf"] or 0 for each in alone) > 0


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Bleu(), BLEU(effective_order=True)),
        (Bleu(lowercase=True, smooth="floor", tokenize="intl"), BLEU(True, tokenize="intl", smooth_method="floor")),
        (Bleu(smooth="add-k", tokenize="char"), BLEU(tokenize="char", smooth_method="add-k")),
        (Bleu(smooth="none", tokenize="zh"), BLEU(tokenize="zh", smooth_method="none")),
        (Chrf(), CHRF()),
        (Chrf(lowercase=True, word_order=2), CHRF(lowercase=True, word_order=2)),
    ],
)
def test_signature_is_sacrebleus_own(ours: Bleu | Chrf, theirs: BLEU | CHRF) -> None:
    theirs.sentence_score("a", ["a"])
    signature = str(theirs.get_signature()).replace("nrefs:1", "nrefs:var").replace("eff:no", "eff:yes")
    assert signature in ours.signature()


@pytest.mark.parametrize("scorer", [Bleu(), Chrf()], ids=["bleu", "chrf"])
def test_unreadable_text_has_a_reason(scorer: Bleu | Chrf) -> None:
    assert reasons(scorer, case(" \n", item(references=REFERENCES))) == {"the summary is empty"}
    assert reasons(scorer, case("Text.")) == {"the article has no reference"}
    itself = case(Generation("r", "Text.", reference_id="only"), item(references={"only": "Text."}))
    assert reasons(scorer, itself) == {"the article has no other reference"}

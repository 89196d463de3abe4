"""Steps shared by all verifiers: verbatim sentences, dialogues, and which differences are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import pytest
from timing import growth

from harness.claims import make_pair
from harness.records import Article, Difference, Fact, Item, Pair, Probabilities, Span
from harness.text import is_dialogue
from harness.verifiers.decide import Prediction
from harness.verifiers.predictive import DIALOGUE, PredictiveVerifier, read_card
from harness.verifiers.statements import StatementVerifier

CHAT = "Anna: Are you coming tonight?\nBen: I cannot, I have to work.\nAnna: A pity.\nBen: Next week."
EXCHANGE = "Q: Why?\nA: Because.\nQ: When?\nA: Now."
LONG = f"The council met {'again and again ' * 100}in May."


class Recorder(PredictiveVerifier):
    """Contradicts everything with the same prediction and records the pairs."""

    pairs: ClassVar[list[Pair]] = []
    differences: tuple[Difference, ...] = ()
    evidence: Span | None = None

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        self.pairs[:] = pairs
        contradicted = Prediction(Probabilities(0.0, 1.0, 0.0), self.evidence, differences=self.differences)
        return [contradicted for _ in pairs]


class DialogueReader(Recorder):
    reads_dialogues: ClassVar[bool] = True


@pytest.mark.parametrize(
    ("premise", "sentence", "language"),
    [
        ("Es regnete. Der Rat nahm den Plan an.", "Der Rat nahm den Plan an.", "de"),
        ("Es regnete. Das kostet 5 Mio. Euro. Alle gingen.", "Das kostet 5 Mio. Euro.", "de"),
        (f"It rained. {LONG} All left.", LONG, "en"),
    ],
)
def test_verbatim_sentence_is_supported_without_asking(premise: str, sentence: str, language: str) -> None:
    Recorder.pairs.clear()
    (verdict,) = Recorder().verify([Pair(premise, sentence.lower().rstrip("."), language=language)])
    assert (verdict.label, verdict.evidence and verdict.evidence.text) == ("supported", sentence)
    assert Recorder.pairs == []


def test_dialogue_is_an_abstention_unless_the_verifier_reads_dialogues() -> None:
    pair = Pair(CHAT, "Ben has to work.")
    (verdict,) = Recorder().verify([pair])
    assert (verdict.label, verdict.abstained, verdict.reason) == ("uncertain", True, DIALOGUE)
    assert DialogueReader().verify([pair])[0].label == "contradicted"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (CHAT, True),
        ("**Anna:** Hi\n\n**Ben:** Hi\n\n**Anna:** Bye\n\n**Ben:** No", True),
        ("COOPER, CNN HOST: Hi.\nKING, CNN REPORTER: Hi.\nCOOPER, CNN HOST: So?\nKING, CNN REPORTER: Well.", True),
        (EXCHANGE, True),
        ("Title: A\nAuthor: B\nDate: C\nSource: D", False),
        ("The mayor said: no. The council said: yes. The mayor said: no. The council said: yes.", False),
        (f"{'The council debated the plan for hours, and the gallery was full. ' * 30}\n{EXCHANGE}", False),
    ],
)
def test_dialogues_are_recognised_by_recurring_speakers(text: str, expected: bool) -> None:
    assert is_dialogue(text) is expected


def test_time_to_recognise_a_dialogue_grows_linearly() -> None:
    short, long = ("".join(f"Member{n % 50}: I agree.\n" for n in range(turns)) for turns in (2_000, 8_000))
    assert growth(lambda: is_dialogue(short), lambda: is_dialogue(long)) < 8


PREMISE = "The council rejected the plan by 16 votes to 15. Eight people spoke."
REJECTED = Span(0, 48, PREMISE[:48])
EIGHT = Span(49, 54, "Eight")
APPROVED = "The council approved the plan by 17 votes."


@pytest.mark.parametrize(
    ("hypothesis", "difference", "is_shown"),
    [
        (APPROVED, Difference("number", "18", EIGHT), False),  # not in the sentence that is shown as evidence
        (APPROVED, Difference("number", "17", Span(34, 36, "16")), True),
        (APPROVED, Difference("wording", "plan", None), False),  # the evidence says so too
        (APPROVED, Difference("wording", "approved", None), True),
        ("The council never rejected the plan.", Difference("wording", "rejected", None), True),  # the negation differs
    ],
)
def test_only_differences_in_the_evidence_are_named(hypothesis: str, difference: Difference, is_shown: bool) -> None:
    verifier = Recorder(differences=(difference,), evidence=REJECTED)
    (verdict,) = verifier.verify([Pair(PREMISE, hypothesis)])
    assert verdict.differences == ((difference,) if is_shown else ())


class Reader(StatementVerifier):
    """Supports what is in the table, and doubts the name Helen Marsh."""

    supported: ClassVar[dict[str, float]] = {}

    def predict_statements(self, pairs: Sequence[Pair]) -> list[Prediction]:
        return [self._predict_one(pair) for pair in pairs]

    def _predict_one(self, pair: Pair) -> Prediction:
        supported = self.supported.get(pair.hypothesis, 0.1)
        doubt = Difference("wording", "Helen Marsh", None)
        differences = (doubt,) if "Helen Marsh" in pair.hypothesis else ()
        probabilities = Probabilities(supported, 0.6 * (1 - supported), 0.4 * (1 - supported))
        return Prediction(probabilities, differences=differences)


@pytest.mark.parametrize(
    ("named", "accepted", "label"),
    [
        ("Margaret Oyelaran", "The Environment Secretary promised £2.4m.", "contradicted"),
        ("Margaret Oyelaran", "Helen Marsh pledged £2.4m.", "supported"),
        ("Ms Marsh", "The Environment Secretary promised £2.4m.", "supported"),
    ],
)
def test_wrong_name_overrules_a_wording(named: str, accepted: str, label: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Reader, "supported", {accepted: 0.95, "Helen Marsh promised £2.4m.": 0.2})
    premise = f"The Environment Secretary, {named}, promised £2.4m to farmers."
    assert Reader().verify([Pair(premise, "Helen Marsh promised £2.4m.", (accepted,))])[0].label == label


FALSE = "The judges were unanimous."
FACT = "The judges were divided two to one."


@pytest.mark.parametrize(("entails", "label"), [(0.9, "contradicted"), (0.1, "supported")])
def test_claim_entailing_a_false_version_is_wrong(entails: float, label: str, monkeypatch: pytest.MonkeyPatch) -> None:
    claim = "All the judges ruled that the minister broke the law."
    monkeypatch.setattr(Reader, "supported", {claim: 0.93, FALSE: entails, FACT: 0.05})
    article = "The judges ruled, by two to one, that the minister broke the law."
    (verdict,) = Reader().verify([Pair(article, claim, false_versions=((FALSE, FACT),))])
    assert verdict.label == label
    assert (FALSE in (verdict.reason or "")) is (label == "contradicted")


def test_claim_is_paired_with_the_nearest_false_versions() -> None:
    facts = (
        Fact("f1", FACT, contradictions=(FALSE, "The judges gave no ruling.")),
        Fact("f2", "It rained.", contradictions=("It snowed.",)),
    )
    item = Item(Article("a", "The judges ruled."), facts=facts)
    assert make_pair("The court ruled unanimously.", item).false_versions == ((FALSE, FACT),)
    assert make_pair("Nobody came.", item).false_versions == ()
    chinese = Item(item.article, facts=(Fact("f", "五人受伤。", contradictions=("六人受伤。",)),))
    assert make_pair("有六人受了伤。", chinese).false_versions == (("六人受伤。", "五人受伤。"),)


def test_model_card_has_the_measures_by_name() -> None:
    entry = {"name": "REALSumm", "used_as": "coverage", "rows": 1000, "groups": 100, "file": "r.jsonl", "sha256": "ab"}
    measures = {"balanced_accuracy": 0.77, "fact_auc": 0.84, "calibration_error": 0.03}
    others = {"fact_auc_floor": 0.5, "reliability": [[0.1, 0.05, 900], [0.9, 0.8, 100]]}
    card: dict[str, Any] = {"date": "2026-11-25", "data": [entry], "out_of_fold": {**measures, **others}}
    found = read_card(card, "its card")
    assert (found.rows, found.auc, found.out_of_fold) == (1000, 0.84, measures)

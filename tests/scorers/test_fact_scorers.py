"""The scorers that read verdicts: fact_recall, fact_contradicted, faithfulness; and scores derived from theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

import pytest
from builders import case, coverage, fact, grounding, item, reasons, run_scorer, values, verdict

from harness.records import Label, Metric, Verdict
from harness.scorers.measure import DerivedScorer
from harness.scorers.verdicts import FactContradicted, FactRecall, Faithfulness
from harness.seams import Scorer
from harness.stages.score import score

FACTS = [
    fact("unsigned", "essential", "event"),
    fact("guarantees", "essential", "quote"),
    fact("starmer", "supporting", "name"),
    fact("friday", "detail", "date"),
    fact("percent", "detail", "number"),
]
VERDICTS: dict[str, Label] = {
    "unsigned": "supported",
    "guarantees": "contradicted",
    "starmer": "supported",
    "friday": "uncertain",
    "percent": "absent",
}
GIVEN = case("A summary.", item(facts=FACTS), coverage(VERDICTS))
ABSTAINED = replace(verdict("uncertain", 0.5), abstained=True, reason="the server did not answer")


def test_recall_is_the_mean_probability_weighted_by_importance() -> None:
    """(3 × 0.9 + 1 × 0.2) / 4."""
    facts = [fact("a", "essential"), fact("b", "detail")]
    checks = coverage({"a": verdict("uncertain", 0.9), "b": verdict("absent", 0.2)})
    found = values(FactRecall(), case("S.", item(facts=facts), checks))
    assert found["fact_recall"] == pytest.approx(0.725)
    assert (found["fact_recall.essential"], found["fact_recall.detail"]) == (0.9, 0.2)


def test_range_of_recall_counts_undecided_facts_as_lost_and_as_kept() -> None:
    """Weights 3 3 2 1 1: the first and third are supported, the fourth is undecided."""
    found = values(FactRecall(), GIVEN)
    assert (found["fact_recall.at_least"], found["fact_recall.at_most"]) == (0.5, 0.6)
    other_weights = FactRecall(essential=1, supporting=2, detail=4)  # 1 1 2 4 4: 3 of 12
    assert values(other_weights, GIVEN)["fact_recall"] == 0.25


def test_recall_by_kind_has_a_reason_for_kinds_without_facts() -> None:
    facts = [fact("a", "essential", "date"), fact("b", "detail", "date")]
    scores = run_scorer(FactRecall(), case("S.", item(facts=facts), coverage({"a": "supported", "b": "absent"})))
    assert scores["fact_recall.date"].value == 0.75
    cause = scores["fact_recall.cause"]
    assert (cause.value, cause.reason) == (None, "the article has no facts of kind cause")


def test_essential_facts_are_counted_by_label_and_named() -> None:
    facts = [fact(name, "essential") for name in (*VERDICTS, "silent")]
    scores = run_scorer(FactRecall(), case("S.", item(facts=facts), coverage({**VERDICTS, "silent": ABSTAINED})))
    counted = ("kept", "lost", "contradicted", "undecided", "unchecked")
    assert {name: scores[f"essential_{name}"].names for name in counted} == {
        "kept": ("unsigned", "starmer"),
        "lost": ("percent",),
        "contradicted": ("guarantees",),
        "undecided": ("friday",),
        "unchecked": ("silent",),
    }
    assert scores["essential_kept"].value == 2.0
    found = run_scorer(FactContradicted(), GIVEN)["fact_contradicted"]
    assert (found.value, found.names) == (1.0, ("guarantees",))


def test_articles_without_facts_have_a_reason() -> None:
    assert reasons(FactContradicted(), case("S.")) == {"the article has no facts"}
    assert reasons(FactRecall(), case("S.")) == {"the article has no facts"}
    only_details = run_scorer(FactRecall(), case("S.", item(facts=FACTS[2:]), coverage(VERDICTS)))
    assert only_details["essential_lost"].reason == "the article has no essential facts"


def test_facts_without_a_verdict_leave_no_number() -> None:
    checks = coverage({key: label for key, label in VERDICTS.items() if key not in ("friday", "percent")})
    given = case("S.", item(facts=FACTS), checks)
    scores = run_scorer(FactRecall(), given)
    assert scores["fact_recall"].reason == "2 of 5 facts have no verdict"
    assert scores["fact_recall.detail"].reason == "2 of 2 detail facts have no verdict"
    assert scores["fact_recall.essential"].value == 0.5
    assert reasons(FactContradicted(), given) == {"2 of 5 facts have no verdict"}
    claims = case("It rains. It snows. It is cold.", checks=grounding("supported", "absent"))
    assert run_scorer(Faithfulness(), claims)["faithfulness"].reason == "1 of 3 claims have no verdict"


def test_verdicts_on_claims_and_on_removed_facts_do_not_count() -> None:
    checks = [*coverage({**VERDICTS, "removed": "supported"}), *grounding("supported")]
    assert values(FactRecall(), case("S.", item(facts=FACTS), checks)) == values(FactRecall(), GIVEN)


def test_faithfulness_is_the_mean_probability_and_claims_are_counted_by_label() -> None:
    claims = [verdict("supported", 0.9), verdict("absent", 0.1), verdict("contradicted"), verdict("uncertain", 0.6)]
    scores = run_scorer(Faithfulness(), case("S.", checks=grounding(*claims)))
    assert scores["faithfulness"].value == pytest.approx(0.4)
    assert (scores["faithfulness.at_least"].value, scores["faithfulness.at_most"].value) == (0.25, 0.5)
    names = {name: scores[f"claims_{name}"].names for name in ("supported", "absent", "contradicted", "undecided")}
    assert names == {"supported": ("1",), "absent": ("2",), "contradicted": ("3",), "undecided": ("4",)}


def test_abstentions_are_left_out_and_counted() -> None:
    """One of three claims was not checked: (0.9 + 0.3) / 2. Facts: (3 × 0.9 + 1 × 0.3) / 4."""
    judged: list[Verdict] = [verdict("supported", 0.9), ABSTAINED, verdict("uncertain", 0.3)]
    claims = run_scorer(Faithfulness(), case("S.", checks=grounding(*judged)))
    assert claims["faithfulness"].value == pytest.approx(0.6)
    assert (claims["claims_unchecked"].names, claims["claims_undecided"].names) == (("2",), ("3",))
    facts = [fact("a", "essential"), fact("b", "supporting"), fact("c", "detail")]
    checks = coverage(dict(zip("abc", judged, strict=True)))
    recall = run_scorer(FactRecall(), case("S.", item(facts=facts), checks))
    assert recall["fact_recall"].value == pytest.approx(0.75)
    assert (recall["fact_recall.at_least"].value, recall["fact_recall.at_most"].value) == (0.75, 1.0)
    assert recall["facts_unchecked"].names == ("b",)


def test_full_abstention_has_no_value() -> None:
    claims = run_scorer(Faithfulness(), case("S.", checks=grounding(ABSTAINED, ABSTAINED)))
    reason = "the verifier abstained on all claims (2): the server did not answer"
    assert {(claims[name].value, claims[name].reason) for name in ("faithfulness", "claims_absent")} == {(None, reason)}
    assert claims["claims_unchecked"].value == 2.0
    facts = case("S.", item(facts=FACTS), coverage(dict.fromkeys(VERDICTS, ABSTAINED)))
    assert reasons(FactContradicted(), facts) == {"the verifier abstained on all facts (5): the server did not answer"}
    recall = run_scorer(FactRecall(), facts)
    assert {recall[name].value for name in ("fact_recall", "fact_recall.detail", "essential_lost")} == {None}
    assert recall["facts_unchecked"].value == 5.0


class Ratio(DerivedScorer):
    needs: ClassVar[tuple[str, ...]] = ("faithfulness", "fact_recall")

    def metrics(self) -> Sequence[Metric]:
        return (Metric("ratio", "Ratio"),)

    def derive(self, *values: float) -> float:
        return values[0] / values[1]


NEEDS = f"ratio needs faithfulness: put its scorer before {Ratio.kind()} in `scorers`"


@pytest.mark.parametrize(
    ("scorers", "labels", "value", "reason"),
    [
        ([Faithfulness(), FactRecall(), Ratio()], ["supported", "absent"], 1.0, None),
        ([Faithfulness(), FactRecall(), Ratio()], [], None, "no claim of the summary was checked against the article"),
        ([FactRecall(), Ratio(), Faithfulness()], ["supported"], None, NEEDS),
    ],
)
def test_derived_score_needs_its_parts_first(
    scorers: list[Scorer], labels: list[Label], value: float | None, reason: str | None
) -> None:
    """Faithfulness is 1 of 2, and recall 5 of 10 as above."""
    scores, faults = score(scorers, [case("S.", item(facts=FACTS), [*coverage(VERDICTS), *grounding(*labels)])])
    found = next(each for each in scores if each.metric == "ratio")
    assert (found.value, found.reason, faults) == (value, reason, [])

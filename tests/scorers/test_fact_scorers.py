"""fact_recall, fact_f1, fact_density, fact_contradicted and faithfulness: the numbers that come from verdicts."""

from __future__ import annotations

import pytest
from builders import case, coverage, fact, grounding, item, reasons, scored, values, verdict
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from harness.records import LABELS, Label
from harness.scorers.fact_contradicted import FactContradicted
from harness.scorers.fact_density import FactDensity
from harness.scorers.fact_f1 import FactF1
from harness.scorers.fact_recall import FactRecall
from harness.scorers.faithfulness import Faithfulness

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


def test_recall_weighs_each_fact_by_its_importance() -> None:
    """Weights 3 3 2 1 1; the first and the third are supported: 5 of 10."""
    found = values(FactRecall(), GIVEN)
    assert found["fact_recall"] == 0.5
    assert found["fact_recall.essential"] == 0.5
    assert found["fact_recall.supporting"] == 1.0
    assert found["fact_recall.detail"] == 0.0


def test_recall_by_kind_and_a_reason_for_kinds_that_no_fact_has() -> None:
    scores = scored(FactRecall(), GIVEN)
    assert {name: scores[f"fact_recall.{name}"].value for name in ("event", "quote", "name", "date", "number")} == {
        "event": 1.0,
        "quote": 0.0,
        "name": 1.0,
        "date": 0.0,
        "number": 0.0,
    }
    assert scores["fact_recall.cause"].value is None
    assert scores["fact_recall.cause"].reason == "the article has no facts of kind cause"
    assert scores["fact_recall.attribution"].reason == "the article has no facts of kind attribution"


def test_recall_within_a_kind_weighs_by_importance_too() -> None:
    facts = [fact("a", "essential", "date"), fact("b", "detail", "date")]
    found = values(FactRecall(), case("S.", item(facts=facts), coverage({"a": "supported", "b": "absent"})))
    assert found["fact_recall.date"] == 0.75


def test_weights_are_options() -> None:
    """Weights 1 1 2 4 4: 3 of 12."""
    assert values(FactRecall(essential=1, supporting=2, detail=4), GIVEN)["fact_recall"] == 0.25


@pytest.mark.parametrize("weight", [0, -1, float("inf"), float("nan")])
def test_a_weight_is_a_positive_number(weight: float) -> None:
    with pytest.raises(ValidationError):
        FactRecall(detail=weight)


def test_soft_recall_counts_the_probability() -> None:
    """(3 x 0.9 + 1 x 0.2) / 4; the essential fact is undecided all the same, by its label."""
    facts = [fact("a", "essential"), fact("b", "detail")]
    checks = coverage({"a": verdict("uncertain", 0.9), "b": verdict("absent", 0.2)})
    found = values(FactRecall(soft=True), case("S.", item(facts=facts), checks))
    assert found["fact_recall"] == pytest.approx(0.725)
    assert (found["essential_lost"], found["essential_undecided"]) == (0.0, 1.0)
    assert found["fact_recall.at_most"] == 0.75


def test_essential_facts_are_counted_by_label() -> None:
    """Lost, contradicted and undecided essential facts are counted apart, and named."""
    facts = [fact(name, "essential") for name in VERDICTS]
    scores = scored(FactRecall(), case("S.", item(facts=facts), coverage(VERDICTS)))
    assert {name: scores[f"essential_{name}"].names for name in ("lost", "contradicted", "undecided")} == {
        "lost": ("percent",),
        "contradicted": ("guarantees",),
        "undecided": ("friday",),
    }
    assert scores["essential_lost"].value == 1.0


def test_undecided_facts_may_be_kept() -> None:
    """The detail that is uncertain counts 1 of 10 more."""
    assert values(FactRecall(), GIVEN)["fact_recall.at_most"] == 0.6


def test_contradicted_facts_are_counted_and_named() -> None:
    score = scored(FactContradicted(), GIVEN)["fact_contradicted"]
    assert (score.value, score.names) == (1.0, ("guarantees",))


def test_without_essential_facts_there_is_no_loss_to_count() -> None:
    score = scored(FactRecall(), case("S.", item(facts=FACTS[2:]), coverage(VERDICTS)))["essential_lost"]
    assert (score.value, score.reason) == (None, "the article has no essential facts")


def test_an_article_without_facts_has_a_reason() -> None:
    assert reasons(FactContradicted(), case("S.")) == {"the article has no facts"}
    assert scored(FactRecall(), case("S."))["fact_recall"].reason == "the article has no facts"


def test_facts_without_a_verdict_leave_no_number_where_they_would_count() -> None:
    checks = coverage({key: label for key, label in VERDICTS.items() if key not in ("friday", "percent")})
    given = case("S.", item(facts=FACTS), checks)
    scores = scored(FactRecall(), given)
    assert scores["fact_recall"].reason == "2 of 5 facts have no verdict"
    assert scores["fact_recall.detail"].reason == "2 of 2 detail facts have no verdict"
    assert scores["fact_recall.date"].reason == "the only one of the facts of kind date has no verdict"
    assert scores["fact_recall.essential"].value == 0.5
    assert reasons(FactContradicted(), given) == {"2 of 5 facts have no verdict"}


def test_verdicts_on_claims_and_on_facts_that_are_gone_do_not_count() -> None:
    checks = [*coverage({**VERDICTS, "removed": "supported"}), *grounding("supported")]
    given = case("S.", item(facts=FACTS), checks)
    assert values(FactRecall(), given) == values(FactRecall(), GIVEN)


def test_faithfulness_is_the_share_of_claims_supported() -> None:
    scores = scored(Faithfulness(), case("S.", checks=grounding("supported", "absent", "contradicted", "uncertain")))
    assert scores["faithfulness"].value == 0.25
    assert scores["faithfulness.at_most"].value == 0.5
    assert (scores["claims_absent"].value, scores["claims_absent"].names) == (1.0, ("2",))
    assert (scores["claims_contradicted"].value, scores["claims_contradicted"].names) == (1.0, ("3",))
    assert (scores["claims_undecided"].value, scores["claims_undecided"].names) == (1.0, ("4",))


def test_faithfulness_without_checked_claims_has_a_reason() -> None:
    given = case("S.", item(facts=FACTS), coverage(VERDICTS))
    assert reasons(Faithfulness(), given) == {"no claim of the summary was checked against the article"}


def test_a_claim_without_a_verdict_leaves_no_number() -> None:
    given = case("It rains. It snows. It is cold.", checks=grounding("supported"))
    assert reasons(Faithfulness(), given) == {"2 of 3 claims have no verdict"}
    assert scored(FactF1(), given)["fact_precision"].reason == "2 of 3 claims have no verdict"


def test_f1_is_the_harmonic_mean_of_precision_and_weighted_recall() -> None:
    """Recall 5 of 10 as above, precision 1 of 4: 2 x .5 x .25 / .75."""
    checks = [*coverage(VERDICTS), *grounding("supported", "absent", "contradicted", "uncertain")]
    given = case("S.", item(facts=FACTS), checks)
    assert values(FactF1(), given) == {"fact_precision": 0.25, "fact_f1": pytest.approx(1 / 3)}
    assert values(FactF1(), given)["fact_precision"] == values(Faithfulness(), given)["faithfulness"]


def test_f1_takes_the_recall_under_its_own_options() -> None:
    """Weights 1 2 4: recall 3 of 12; precision 1."""
    given = case("S.", item(facts=FACTS), [*coverage(VERDICTS), *grounding("supported")])
    options = {"essential": 1.0, "supporting": 2.0, "detail": 4.0}
    found = values(FactF1.model_validate(options), given)["fact_f1"]
    recall = values(FactRecall.model_validate(options), given)["fact_recall"] or 0
    assert found == pytest.approx(2 * recall / (1 + recall)) == pytest.approx(0.4)


def test_f1_of_nothing_told_and_nothing_supported_is_0() -> None:
    checks = [*coverage(dict.fromkeys(VERDICTS, "absent")), *grounding("absent")]
    assert values(FactF1(), case("S.", item(facts=FACTS), checks)) == {"fact_precision": 0.0, "fact_f1": 0.0}


def test_f1_without_one_of_its_sides_has_that_sides_reason() -> None:
    unfounded = scored(FactF1(), case("S.", item(facts=FACTS), coverage(VERDICTS)))
    assert unfounded["fact_f1"].reason == "no claim of the summary was checked against the article"
    without_facts = scored(FactF1(), case("S.", checks=grounding("supported")))
    assert (without_facts["fact_precision"].value, without_facts["fact_precision"].reason) == (1.0, None)
    assert without_facts["fact_f1"].reason == "the article has no facts"


def test_density_is_facts_per_100_words() -> None:
    """Two facts supported, in 40 words."""
    given = case("word " * 40, item(facts=FACTS), coverage(VERDICTS))
    assert values(FactDensity(), given)["fact_density"] == 5.0


def test_density_needs_facts_and_words() -> None:
    assert reasons(FactDensity(), case("S.")) == {"the article has no facts"}
    assert reasons(FactDensity(), case("🎉", item(facts=FACTS), coverage(VERDICTS))) == {"the summary has no words"}
    assert reasons(FactDensity(), case("S.", item(facts=FACTS))) == {"5 of 5 facts have no verdict"}


@given(st.lists(st.sampled_from(LABELS), min_size=5, max_size=5), st.integers(0, 4))
def test_supporting_one_more_fact_never_lowers_recall(labels: list[Label], chosen: int) -> None:
    before = dict(zip(VERDICTS, labels, strict=True))
    after: dict[str, Label] = {**before, FACTS[chosen].id: "supported"}
    low, high = (values(FactRecall(), case("S.", item(facts=FACTS), coverage(v))) for v in (before, after))
    for name in ("fact_recall", "fact_recall.essential", "fact_recall.detail"):
        assert (high[name] or 0) >= (low[name] or 0)
    assert (high["essential_lost"] or 0) <= (low["essential_lost"] or 0)

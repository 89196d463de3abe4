"""A verifier against people's labels: small cases worked by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, f1_score

from harness.data.pairs import Corpus, EditedPair, HumanLabel, LabelledPair
from harness.document import markdown
from harness.records import LABELS, Label, Pair, Probabilities, Verdict
from harness.stats.agreement import Figure
from harness.trust import judgements, meta_eval
from harness.verifiers.lexical import Lexical


def judge(label: HumanLabel, group: str, system: str = "") -> LabelledPair:
    return LabelledPair(Pair("premise", "hypothesis"), label, group, system)


def answer(supported: float, label: Label | None = None, contradicted: float = 0.0) -> Verdict:
    found = Probabilities(supported, contradicted, 1 - supported - contradicted)
    return Verdict(label or ("supported" if supported >= 0.5 else "absent"), found, None, "v")


def measure(rows: list[LabelledPair], verdicts: list[Verdict]) -> judgements.CorpusMetrics:
    pairs = [Pair("premise", f"hypothesis {at}") for at in range(len(rows))]
    rows = [replace(row, pair=pair) for row, pair in zip(rows, pairs, strict=True)]
    return judgements.measure_judgements(rows, dict(zip(pairs, verdicts, strict=True)), np.random.default_rng(0), rows)


def test_thresholds_are_fitted_on_other_groups() -> None:
    """In each group, one threshold separates the labels perfectly: 0.35 in a, 0.65 in b. Each is used on the other
    group: 0.35 calls the false row of b supported, and 0.65 calls the true row of a not supported."""
    rows = [judge(label, group) for group in "ab" for label in ("supported", "unsupported")]
    found = measure(rows, [answer(0.4), answer(0.3), answer(0.7), answer(0.6)]).two_way
    assert sorted(found.thresholds) == [pytest.approx(0.35), pytest.approx(0.65)]
    assert found.balanced_accuracy.value == pytest.approx((1 / 2 + 1 / 2) / 2)
    assert found.auc.value == pytest.approx(3 / 4)


def test_uncertain_verdicts_and_abstentions_are_counted_separately() -> None:
    nothing = Verdict("uncertain", Probabilities(1 / 3, 1 / 3, 1 / 3), None, "v", "no answer in time", abstained=True)
    rows = [judge(label, group) for label in ("supported", "absent") for group in "ab"]
    found = measure(rows, [answer(0.9), answer(0.5, "uncertain"), answer(0.8), answer(0.1)]).two_way
    assert (found.rows, found.supported, found.undecided, found.unanswered) == (4, 2, 1, 0)
    assert found.as_decided.value == pytest.approx((1 + 1 / 2) / 2)
    found = measure(rows, [answer(0.9), nothing, answer(0.45, "uncertain", 0.3), answer(0.1)]).two_way
    assert (found.undecided, found.unanswered) == (2, 1)
    assert sum(each.rows for each in found.bins) == 3
    assert found.calibration_error.value == pytest.approx((0.1 + 0.45 + 0.1) / 3)
    unanswered = measure(rows, [nothing] * 4)
    assert (unanswered.two_way.undecided, unanswered.levels) == (4, None)
    nothing_known = Figure(None, reason="no group has a value")
    assert unanswered.two_way.auc == unanswered.two_way.balanced_accuracy == nothing_known


def test_two_way_labels_of_two_systems_have_no_three_way_numbers_or_levels() -> None:
    rows = [judge("supported", "a", "x"), judge("absent", "a", "y"), judge("unsupported", "b", "x")]
    found = measure(rows, [answer(0.9), answer(0.2), answer(0.2)])
    assert (found.three_way, found.levels) == (None, None)


def test_three_way_numbers_equal_scikit_learn() -> None:
    """Confusion of the verdicts and F1 of the most likely labels; rows labelled just unsupported do not count."""
    people: list[HumanLabel] = ["supported", "contradicted", "absent", "absent", "unsupported", "supported"]
    said: list[Label] = ["supported", "uncertain", "absent", "contradicted", "absent", "absent"]
    verdicts = [answer(0.2, label, 0.2) for label in said]
    found = measure([judge(label, str(at)) for at, label in enumerate(people)], verdicts).three_way
    assert found is not None
    kept = [at for at, label in enumerate(people) if label != "unsupported"]
    oracle = confusion_matrix([people[at] for at in kept], [said[at] for at in kept], labels=list(LABELS))
    assert [[found.confusion[row][label] for label in LABELS] for row in LABELS[:3]] == oracle[:3].tolist()
    likeliest = ["absent"] * 5
    expected = f1_score([people[at] for at in kept], likeliest, labels=LABELS[:3], average="macro", zero_division=0)
    assert found.macro_f1.value == pytest.approx(expected)
    assert found.rows == 5


def test_summary_level_uses_means_over_facts() -> None:
    """In one article, people support 1, 1/2 and 0 of the facts of x, y, z; the verifier's means are 0.9, 0.6, 0.3."""
    labels: list[HumanLabel] = ["supported", "supported", "supported", "absent", "absent", "absent"]
    rows = [judge(label, "a", system) for label, system in zip(labels, "xxyyzz", strict=True)]
    found = measure(rows, [answer(p) for p in (1.0, 0.8, 0.7, 0.5, 0.2, 0.4)]).levels
    assert found is not None
    assert found.summary_pearson.value == pytest.approx(1)
    assert found.system_spearman.value == pytest.approx(1)


def measure_levels(systems: list[str]) -> judgements.Levels:
    """Measure levels: each word is an article, each letter a system; the verifier judges its two facts correctly."""
    named = [(str(number), system) for number, of_article in enumerate(systems) for system in of_article]
    labels: dict[str, list[HumanLabel]] = {"x": ["supported"] * 2, "y": ["supported", "absent"], "z": ["absent"] * 2}
    rows = [judge(label, article, system) for article, system in named for label in labels[system]]
    found = measure(rows, [answer(0.9 if row.label == "supported" else 0.2) for row in rows]).levels
    assert found is not None
    return found


def test_few_systems_give_no_correlation_or_no_interval() -> None:
    """First, 12 articles have two systems each; then three articles have three systems, and nine have one."""
    nothing = Figure(None, reason="no group has 3 systems with different values")
    assert measure_levels(["xy", "yz", "xz"] * 4).summary_pearson == nothing
    few = measure_levels([*["xyz"] * 3, *["x"] * 9])
    assert few.summary_pearson.value == pytest.approx(1)
    assert few.summary_pearson.reason == "an interval needs at least 8 correlations, and there are 3"
    once = measure_levels(["xyz", *["xy"] * 11])
    assert once.system_pearson.value == pytest.approx(1)
    assert once.system_pearson.reason == "it is undefined in too many resamples of the groups"


def test_report_counts_judgements_and_pairs_by_group_and_what_is_left_out() -> None:
    """The lexical verifier abstains on a text without words; the other one does not."""

    class Sure(Lexical):
        def verify(self, pairs: Sequence[Pair]) -> list[Verdict]:
            return [answer(0.9)] * len(pairs)

    rows = tuple(judge(label, group) for group in "ab" for label in ("supported", "absent"))
    edits = [EditedPair("Rain fell.", "Rain fell.", "Snow fell.", group) for group in "cde"]
    edits.append(EditedPair("Rain fell.", "?", "Snow fell.", "f"))
    corpus = Corpus("mixed", "", rows, tuple(edits), unsure=2)
    compared = meta_eval.compare_verifiers(corpus, {"lexical": Lexical(), "sure": Sure()}, 0)
    text = markdown.render(meta_eval.document([compared], ["lexical", "sure"]))
    assert "4 human labels in 2 groups" in text
    assert "4 pairs of a faithful and an edited summary in 4 groups" in text
    assert "people could not tell, or disagreed: 2 rows" in text
    assert "Left out because lexical abstained: 1 pair of summaries." in text


def test_consistency_and_auc_equal_hand_worked_values() -> None:
    """In two of three pairs the faithful summary scores higher; the third is a tie."""
    rows = (("a", "x", 0.85, 0.55), ("b", "x", 0.5, 0.5), ("c", "y", 0.55, 0.5))
    scored = [
        (EditedPair("article", "faithful", "edited", group, kind), one, other) for group, kind, one, other in rows
    ]
    found = meta_eval.measure_edits(scored)
    assert found.every.consistency.value == pytest.approx(2 / 3)
    # 9 comparisons: 0.85 wins three; 0.5 ties twice (0.5 each); 0.55 wins two and ties once
    assert found.every.auc.value == pytest.approx((3 + 0.5 * 2 + 2 + 0.5) / 9)
    assert [(kind.kind, kind.pairs, kind.consistency.value) for kind in found.kinds] == [("x", 2, 0.5), ("y", 1, 1.0)]

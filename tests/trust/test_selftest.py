"""The self-test: the texts that it makes, rates worked by hand, Wilson's interval, and the paired AUC."""

from __future__ import annotations

import numpy as np
import pytest

from harness.records import Article, Fact, Item, Metric, Reference
from harness.stats.resampling import Resampler
from harness.text import sentences
from harness.trust.selftest import Version, is_touched, make_versions
from harness.trust.selftest_rates import Drop, Probe, auc, measure_metric, measure_verifier, rate

RNG = np.random.default_rng(0)
REFERENCE = Reference(
    "r",
    "- Ann Bell said the mill will close in May.\n- Tom Reed said it will stay open.\n- The mill employs 90 people.",
)
MILL = Item(Article("mill", REFERENCE.text.replace("- ", "")), (REFERENCE,))


def make() -> list[Version]:
    return list(make_versions(MILL, REFERENCE, np.random.default_rng(0), per_kind=2))


def test_intact_reference_comes_first_and_is_not_compared_with_itself() -> None:
    intact, *edited = make()
    assert (intact.kind, intact.summary.text) == ("intact", REFERENCE.text)
    assert all(version.summary.generation.reference_id == "r" for version in (intact, *edited))
    assert len({version.summary.place for version in edited}) == len(edited)


def test_one_sentence_is_edited_and_the_others_stay() -> None:
    whole = [span.text for span in sentences(REFERENCE.text)]
    _, *edited = make()
    assert edited
    for version in edited:
        assert version.before in whole
        assert version.summary.text == REFERENCE.text.replace(version.before, version.after)
        assert sum(other.kind == version.kind for other in edited) <= 2


@pytest.mark.parametrize(
    ("fact", "touched"),
    [
        (Fact("size", "The mill employs 90 people."), True),
        (Fact("guests", "The inn has forty guests and two cooks."), False),
        (Fact("staff", "It grew.", contradictions=("It has 95 cooks.",)), True),
    ],
)
def test_edit_touches_the_facts_of_its_sentence_and_of_its_words(fact: Fact, touched: bool) -> None:
    [summary] = [version.summary for version in make() if version.kind == "intact"]
    version = Version(MILL, REFERENCE, "number", "The mill employs 90 people.", "The mill employs 95 people.", summary)
    assert is_touched(version, fact) == touched


def drops(kind: str, *values: float | None, article: str = "a") -> list[Drop]:
    return [Drop(article, kind, value) for value in values]


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        # statsmodels 0.14: proportion_confint(hits, n, method="wilson")
        (0, 10, 0.0, 0.277533),
        (8, 10, 0.490162, 0.943318),
        (45, 100, 0.356146, 0.547562),
    ],
)
def test_interval_over_edits_is_wilsons(hits: int, n: int, low: float, high: float) -> None:
    found = rate([("a", number < hits) for number in range(n)], Resampler(0, 10))
    assert found.method == "Wilson over edits"
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-5)


def test_many_articles_are_resampled_whole() -> None:
    # each article has only hits or none, so an interval over 200 independent edits would be too narrow
    found = rate([(f"a{number}", number % 2 == 0) for number in range(20) for _ in range(10)], Resampler(0, 2000))
    wilson = rate([("a", number < 100) for number in range(200)], Resampler(0, 10))
    assert found.method == "bootstrap over articles"
    assert None not in (found.low, found.high, wilson.low, wilson.high)
    assert found.low < wilson.low < wilson.high < found.high  # type: ignore[operator]  # none is None
    assert rate([], Resampler(0, 10)).share is None


def test_articles_with_one_share_each_fall_back_to_wilson() -> None:
    found = rate([(f"a{article}", hit) for article in range(10) for hit in (True, False)], Resampler(0, 500))
    assert (found.share, found.method) == (0.5, "Wilson over edits")


def test_auc_pairs_errors_with_paraphrases_of_their_own_article() -> None:
    errors = [*drops("name", 3.0, 1.0), *drops("name", 9.0, article="b")]
    harmless = drops("paraphrase", 1.0, 2.0)
    # in article a: 3 > 1, 3 > 2, 1 = 1, 1 < 2; article b has no paraphrase
    assert auc(errors, harmless) == pytest.approx(2.5 / 4)
    assert auc(drops("name", 1.0, article="b"), harmless) is None
    assert auc(drops("name", None), harmless) is None


def test_drop_counts_as_noticed_only_above_rounding() -> None:
    found = measure_metric(Metric("m", "M"), drops("name", 1.0, 1e-12, 0.0, -1.0, None), None, RNG)
    assert (found.errors.noticed.hits, found.errors.noticed.n, found.errors.missing) == (1, 4, 1)
    assert found.errors.auc is None


def test_paraphrases_are_no_errors() -> None:
    both = [*drops("name", 1.0, 3.0), *drops("paraphrase", 2.0, 0.0)]
    found = measure_metric(Metric("m", "M"), both, None, RNG)
    assert found.errors.noticed.n == 2
    assert found.errors.auc == pytest.approx(3 / 4)
    assert [(each.kind, each.noticed.hits, each.noticed.n) for each in found.kinds] == [
        ("name", 2, 2),
        ("paraphrase", 1, 2),
    ]


def test_verifier_notices_by_any_label_but_supported() -> None:
    answers = [
        Probe("a", "grounding", "name", "contradicted"),
        Probe("a", "grounding", "name", "absent"),
        Probe("a", "grounding", "name", "uncertain"),
        Probe("a", "grounding", "name", "supported"),
        Probe("a", "grounding", "intact", "absent"),
        Probe("a", "coverage", "paraphrase", "supported"),
    ]
    found = [
        (each.use, each.kind, each.not_supported.hits, each.contradicted.hits)
        for each in measure_verifier(answers, RNG)
    ]
    assert found == [("coverage", "paraphrase", 0, 0), ("grounding", "name", 3, 1), ("grounding", "intact", 1, 0)]

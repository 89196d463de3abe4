"""The self-test: rates worked by hand, and Wilson's interval."""

from __future__ import annotations

import pytest

from harness.records import Label, Pair, Use
from harness.trust.selftest import Probe, measure, rate


def test_interval_leaves_out_whole_articles_if_there_are_many() -> None:
    # each article has only hits or none, so an interval over 200 independent edits would be too narrow
    found = rate([(f"a{number}", number % 2 == 0) for number in range(20) for _ in range(10)])
    wilson = rate([("a", number < 100) for number in range(200)])
    assert found.by_article
    assert found.low < wilson.low < wilson.high < found.high


def test_articles_with_equal_shares_get_a_wilson_interval() -> None:
    """statsmodels 0.14: proportion_confint(10, 20, method="wilson")."""
    found = rate([(f"a{article}", hit) for article in range(10) for hit in (True, False)])
    assert (found.share, found.by_article) == (0.5, False)
    assert (found.low, found.high) == pytest.approx((0.299295, 0.700705), abs=1e-5)


def test_verifier_notices_by_any_label_but_supported() -> None:
    def answer(use: Use, kind: str, label: Label) -> tuple[Probe, Label]:
        return Probe("a", use, kind, Pair("An article.", "A claim.")), label

    answers = [
        answer("grounding", "name", "contradicted"),
        answer("grounding", "name", "absent"),
        answer("grounding", "name", "uncertain"),
        answer("grounding", "name", "supported"),
        answer("grounding", "intact", "absent"),
        answer("coverage", "accepted wording", "supported"),
    ]
    found = [(each.use, each.kind, each.not_supported.share, each.contradicted.share) for each in measure(answers)]
    assert found == [
        ("coverage", "accepted wording", 0, 0), ("grounding", "name", 0.75, 0.25), ("grounding", "intact", 1, 0),
    ]  # fmt: skip  # in the order of the tables

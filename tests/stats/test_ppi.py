"""Automatic verdicts on everything, human verdicts on some."""

import warnings

import numpy as np
import pytest
from scipy import stats

from harness.errors import DataError
from harness.stats.ppi import estimate

Drawn = tuple[np.ndarray, list[float | None], list[int]]


def draw_units(labelled: int, every: int = 300, seed: int = 0) -> Drawn:
    """Draw one unit per article; 85% of the automatic verdicts are right."""
    random = np.random.default_rng(seed)
    truth = random.random(every) < 0.6
    said = np.where(random.random(every) < 0.85, truth, ~truth).astype(np.float64)
    human = [float(value) if number < labelled else None for number, value in enumerate(truth)]
    return said, human, list(range(every))


def estimate_by_library(case: Drawn, weight: float) -> tuple[float, float, float]:
    """Return ppi_python's estimate and interval, computed with our weight.

    Its unlabelled part leaves out the labelled units, so its weight λ is ours times the unlabelled share.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # importing the package switches all warnings off
        from ppi_py import ppi_mean_ci, ppi_mean_pointestimate

        said, human, _ = case
        labels = np.array([value for value in human if value is not None])
        seen, unseen = said[: labels.size], said[labels.size :]
        scaled = weight * unseen.size / said.size
        point = ppi_mean_pointestimate(labels, seen, unseen, lam=scaled)
        low, high = ppi_mean_ci(labels, seen, unseen, alpha=0.05, lam=scaled)
    return float(np.squeeze(point)), float(np.squeeze(low)), float(np.squeeze(high))


@pytest.mark.slow  # the library takes seconds to import
def test_one_unit_per_article_equals_the_library() -> None:
    case = draw_units(100)
    found = estimate(*case)
    point, low, high = estimate_by_library(case, found.weight)
    assert found.combined.value == pytest.approx(point, abs=1e-12)
    assert found.combined.low == pytest.approx(low, abs=0.006)
    assert found.combined.high == pytest.approx(high, abs=0.006)


def test_perfect_automatic_verdicts_give_their_own_mean() -> None:
    said, human, articles = draw_units(60)
    same = [None if value is None else verdict for value, verdict in zip(human, said, strict=True)]
    found = estimate(said, same, articles)
    assert found.weight > 0.95
    assert estimate(*draw_units(300)).weight == 0  # everything is labelled
    assert found.combined.value == pytest.approx(found.automatic.value, abs=0.002)


def test_estimates_equal_hand_worked_values() -> None:
    """On the labelled units, the human mean is 0.5 and the automatic mean 0.75; on all units, the latter is 0.6."""
    human: list[float | None] = [1, 1, 0, 0] + [None] * 6
    found = estimate([1, 1, 1, 0, 1, 0, 1, 0, 1, 0], human, list(range(10)))
    assert (found.automatic.value, found.human.value) == (0.6, 0.5)
    assert found.combined.value == pytest.approx(0.5 - found.weight * 0.15)
    assert found.human.reason == found.combined.reason == "an interval needs at least 8 articles, and there are 4"


def test_copies_within_an_article_do_not_narrow_the_interval() -> None:
    """Each article has ten copies of its unit."""
    said, human, articles = draw_units(60)
    copied = estimate(
        np.repeat(said, 10), [value for value in human for _ in range(10)], np.repeat(articles, 10).tolist()
    )
    once = estimate(said, human, articles)
    assert copied.human.low == pytest.approx(once.human.low)
    assert copied.combined.high == pytest.approx(once.combined.high)


def test_intervals_are_students_t_on_the_logit_scale() -> None:
    """The combined estimate also fits a weight, so it has one degree of freedom less."""
    said, human, articles = draw_units(50)
    found, labels, without = estimate(said, human, articles), np.array(human[:50], dtype=float), []
    for left_out in articles:
        kept = np.arange(300) != left_out
        moved = said[:50][kept[:50]].mean() - said[kept].mean()
        without.append(labels[kept[:50]].mean() - found.weight * moved)
    errors = labels.std() / 7, np.std(without) * np.sqrt(299)
    for figure, error, freedom in zip((found.human, found.combined), errors, (49, 48), strict=True):
        assert figure.value is not None
        reach = stats.t.ppf(0.975, freedom) * error / (figure.value * (1 - figure.value))
        wanted = 1 / (1 + np.exp(-(np.log(figure.value / (1 - figure.value)) - reach)))
        assert figure.low == pytest.approx(wanted, abs=1e-9)


def test_no_human_verdict_leaves_the_automatic_one() -> None:
    said, human, articles = draw_units(0)
    found = estimate(said, human, articles)
    assert found.automatic.value == said.mean()
    assert (found.human.value, found.combined.value, found.weight) == (None, None, 0.0)
    assert found.combined.reason == "no article has a value"


def test_equal_labels_have_no_interval() -> None:
    said, human, articles = draw_units(20)
    found = estimate(said, [None if value is None else 1.0 for value in human], articles)
    assert (found.human.value, found.human.low) == (1.0, None)
    assert found.human.reason == "all 20 articles have the same value, so their spread cannot be estimated"


@pytest.mark.parametrize(
    ("automatic", "human", "articles", "said"),
    [
        ([1, 2], [1.0, None], [0, 1], "automatic verdicts: 2 at position 1 is not between 0 and 1"),
        ([1, 1], [float("nan"), None], [0, 1], "human verdicts: nan at position 0"),
    ],
)
def test_invalid_verdicts_are_refused(
    automatic: list[float], human: list[float | None], articles: list[int], said: str
) -> None:
    with pytest.raises(DataError, match=said):
        estimate(automatic, human, articles)


def test_rounding_outside_0_to_1_is_cut() -> None:
    human, articles = [1.0, 0.0, None], [0, 1, 2]
    assert estimate([1.0005, -0.0005, 0.5], human, articles) == estimate([1, 0, 0.5], human, articles)


def test_weight_2_equals_two_units() -> None:
    said, human, articles = [1.0, 0.0, 1.0, 0.0], [1.0, 0.0, None, 1.0], ["a", "a", "b", "b"]
    counted = estimate(said, human, articles, weights=[1, 2, 1, 3])
    there = estimate([1, 0, 0, 1, 0, 0, 0], [1, 0, 0, None, 1, 1, 1], ["a", "a", "a", "b", "b", "b", "b"])
    for ours, theirs in ((counted.automatic, there.automatic), (counted.human, there.human)):
        assert ours.value == pytest.approx(theirs.value)
    assert counted.automatic.value == pytest.approx(2 / 7)
    assert counted.human.value == pytest.approx(4 / 6)
    assert counted.combined.value == pytest.approx(there.combined.value)


@pytest.mark.slow
def test_one_article_is_tuned_by_its_units() -> None:
    """With one article, the estimate equals that of ppi_python, which ignores articles."""
    said, human, _ = draw_units(100)
    found = estimate(said, human, ["a"] * said.size)
    point, _, _ = estimate_by_library((said, human, []), found.weight)
    assert found.weight > 0.4
    assert found.combined.value == pytest.approx(point, abs=1e-12)
    assert found.combined.reason == "an interval needs at least 8 articles, and there is 1"


def test_estimate_outside_0_to_1_has_a_reason() -> None:
    """People support 1 of the 4 labelled units, and the verifier all 4 of these and 4 of all 6."""
    found = estimate([1, 1, 1, 1, 0, 0], [0.0, 0.0, 0.0, 1.0, None, None], ["a", "a", "a", "b", "b", "b"])
    assert found.weight == pytest.approx(1)
    assert found.combined.value == pytest.approx(0.25 - 1 / 3)
    assert found.combined.reason == "the estimate -0.0833 is not inside 0..1; more human verdicts are needed"

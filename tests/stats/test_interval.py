import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from harness.stats.interval import Column, Estimate, Scale, interval_ends, mean_intervals
from harness.stats.resampling import Resampler

SHARES = arrays(np.float64, st.integers(8, 40), elements=st.floats(0, 1, width=16))


def rng(seed: int = 7) -> np.random.Generator:
    return np.random.default_rng(seed)


def mean_interval(
    values: npt.ArrayLike,
    source: np.random.Generator,
    scale: Scale = "plain",
    missing: int = 0,
    resamples: int = 10_000,
) -> Estimate:
    column = Column(np.asarray(values, dtype=np.float64), missing, scale)
    return mean_intervals([column], Resampler.of(source, resamples))[0]


def ends(estimate: Estimate) -> tuple[float, float]:
    assert estimate.low is not None
    assert estimate.high is not None
    return estimate.low, estimate.high


@pytest.mark.parametrize("n", [10, 25])
def test_bootstrap_t_against_an_independent_loop(n: int) -> None:
    """The textbook recipe (Efron & Tibshirani 1993, 12.5), one resample at a time."""
    values, source = rng().beta(2, 5, n), rng(1)
    mean, error = values.mean(), values.std(ddof=1) / np.sqrt(n)
    scores = []
    for _ in range(20_000):
        drawn = source.choice(values, n)
        scores.append((drawn.mean() - mean) / (drawn.std(ddof=1) / np.sqrt(n)))
    low, high = np.quantile(scores, [0.025, 0.975])
    estimate = mean_interval(values, rng(2), resamples=20_000)
    assert ends(estimate) == pytest.approx((mean - high * error, mean - low * error), abs=0.05 * error)


def test_interval_of_counts_is_cut_at_0() -> None:
    counts = [0.0, 1.0] * 4
    plain, cut = (ends(mean_interval(counts, rng(), scale)) for scale in ("plain", "count"))
    assert plain[0] < 0
    assert cut == (0.0, plain[1])


def test_share_against_an_independent_loop_on_the_logit_scale() -> None:
    values, source = rng().beta(5, 1, 25), rng(1)

    def logit(share: float) -> float:
        return float(np.log(share / (1 - share)))

    def error(drawn: np.ndarray) -> float:
        return float(drawn.std(ddof=1) / 5 / (drawn.mean() * (1 - drawn.mean())))

    centre = logit(values.mean())
    draws = [source.choice(values, 25) for _ in range(20_000)]
    low, high = np.quantile([(logit(drawn.mean()) - centre) / error(drawn) for drawn in draws], [0.025, 0.975])
    wanted = [1 / (1 + np.exp(-(centre - quantile * error(values)))) for quantile in (high, low)]
    estimate = mean_interval(values, rng(2), "share", resamples=20_000)
    assert ends(estimate) == pytest.approx(wanted, abs=0.005)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([], "no article has a value"),
        ([0.5], "an interval needs at least 8 articles, and there is 1"),
        ([0.0, 1.0] * 3, "an interval needs at least 8 articles, and there are 6"),
        ([1.0] * 30, "all 30 articles have the same value, so their spread cannot be estimated"),
        ([1.0] * 19 + [0.5], "too few of the 20 articles differ from the rest"),
        ([0.142, 0.143, 0.144, 0.142, 0.143, 0.144, 0.143, 0.9], "too few of the 8 articles differ from the rest"),
    ],
)
@pytest.mark.parametrize("scale", ["plain", "share"])
def test_missing_interval_has_a_reason(values: list[float], reason: str, scale: Scale) -> None:
    estimate = mean_interval(values, rng(), scale, missing=12)
    assert (estimate.mean is None, estimate.n, estimate.missing) == (not values, len(values), 12)
    assert (estimate.low, estimate.high, estimate.reason) == (None, None, reason)


def test_mean_of_zero_up_to_rounding_has_the_interval_of_zero() -> None:
    """In floating point, 1, 2 and -3 sum to 0, but 0.1, 0.2 and -0.3 do not."""
    whole = np.array([1.0, 2.0, -3.0, *[0.0] * 17])
    tenths = np.array([0.1, 0.2, -0.3, *[0.0] * 17])
    assert whole.mean() == 0.0 != tenths.mean()
    for sign in (1, -1):
        (low, high, _), found = interval_ends(np.stack([sign * whole, sign * tenths]), Resampler(0))
        assert low is not None
        assert high is not None
        assert found[:2] == pytest.approx((low / 10, high / 10))


def test_interval_does_not_depend_on_other_systems() -> None:
    columns = [Column(rng(seed).random(12 + seed % 3), 0, "share" if seed % 2 else "plain") for seed in range(12)]
    together = mean_intervals(columns, Resampler(5))
    for column, among in zip(columns, together, strict=True):
        alone = mean_intervals([column], Resampler(5))[0]
        assert ends(alone) == pytest.approx(ends(among), abs=1e-12)
        assert (alone.mean, alone.n) == (among.mean, among.n)


@given(SHARES)
@settings(max_examples=40)
def test_interval_of_a_share_contains_its_mean_and_lies_in_0_to_1(values: np.ndarray) -> None:
    estimate = mean_interval(values, rng(), "share", resamples=400)
    if estimate.low is None or estimate.high is None or estimate.mean is None:
        assert estimate.reason
    else:
        assert 0 <= estimate.low <= estimate.mean <= estimate.high <= 1

"""What cannot be concluded, in words."""

import pytest

from harness.stats import caution


@pytest.mark.parametrize(
    ("n", "said"),
    [(0, "No article"), (1, "With one article"), (7, "needs at least 8."), (8, "are rough"), (19, "are rough")],
)
def test_one_system_on_few_articles(n: int, said: str) -> None:
    assert said in (caution.for_one_system(n) or "")


def test_enough_articles_need_no_caution() -> None:
    assert caution.for_one_system(20) is None
    assert caution.for_comparison(6) is None
    assert caution.for_resamples(10_000, 300) is None


@pytest.mark.parametrize(("n", "tests", "warned"), [(6, 1, False), (6, 2, True), (10, 25, False), (10, 26, True)])
def test_smallest_p_is_compared_with_the_family(n: int, tests: int, warned: bool) -> None:
    """2 / 2⁶ = 0.031 and 2 / 2¹⁰ = 0.00195, times the number of tests."""
    assert (caution.for_comparison(n, tests) is not None) == warned

"""What cannot be concluded, in words."""

import pytest

from harness.stats import caution


@pytest.mark.parametrize(
    ("n", "kind"),
    [(0, "no article"), (1, "one article"), (7, "no interval"), (8, "wide interval"), (19, "wide interval")],
)
def test_one_system_on_few_articles(n: int, kind: str) -> None:
    found = caution.for_one_system(n)
    assert found is not None
    assert (found.kind, found.n) == (kind, n)


def test_enough_articles_need_no_caution() -> None:
    assert caution.for_one_system(20) is None
    assert caution.for_comparison(6) is None
    assert caution.for_resamples(10_000, 300) is None


@pytest.mark.parametrize(("n", "tests", "warned"), [(6, 1, False), (6, 2, True), (10, 25, False), (10, 26, True)])
def test_the_smallest_p_is_weighed_against_the_family(n: int, tests: int, warned: bool) -> None:
    """2 / 2⁶ = 0.031 and 2 / 2¹⁰ = 0.00195, times the number of tests."""
    assert (caution.for_comparison(n, tests) is not None) == warned


def test_a_family_too_large_for_the_resamples() -> None:
    found = caution.for_resamples(10_000, 6_000)
    assert found is not None
    assert found.text == (
        "With 10,000 resamples the smallest p after correction for 6,000 comparisons is 0.6. "
        "Use at least 120,000 resamples, or compare fewer systems."
    )

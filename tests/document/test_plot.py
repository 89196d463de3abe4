from __future__ import annotations

import pytest

from harness.document.plot import Plot, Point, lay_out, shorten


def plot(*points: Point) -> Plot:
    return Plot("title", "caption", ("System", "x"), points, "x", "y")


def test_axes_run_from_0_to_1_and_whiskers_end_at_the_range() -> None:
    at = lay_out(plot(Point("a", 0, 0), Point("b", 1, 1), Point("c", 0.5, 0.5, (0.25, 0.75), (0.5, 1))))
    first, second, third = at.points
    assert (first.x, first.y, second.x, second.y) == (at.left, at.bottom, at.right, at.top)
    assert third.right - third.x == pytest.approx(third.x - third.left)
    assert (third.low, third.high) == (third.y, at.top)


def test_name_without_room_becomes_its_row_number() -> None:
    points = [Point(f"system-{number}", 0.5 + number / 1000, 0.5) for number in range(12)]
    labels = [placed.label.text for placed in lay_out(plot(*points)).points]
    assert "system-0" in labels
    assert any(label.isdigit() for label in labels)


def test_long_name_is_shortened_in_the_middle() -> None:
    short = shorten("meta-llama/model-1-instruct/only-the-article")
    assert len(short) <= 22
    assert short.startswith("meta-")
    assert short.endswith("-article")

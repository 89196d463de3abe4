"""Names beside the points of a drawing."""

from __future__ import annotations

from itertools import combinations

from harness.document.pictures.placing import Box, labels

ROOM = Box(0, 0, 300, 200)


def test_a_name_stands_beside_its_point_where_there_is_room() -> None:
    first, second = labels([(50, 100), (290, 100)], ["lead", "oracle"], ROOM)
    assert (first.text, first.side, second.text, second.side) == ("lead", "left", "oracle", "right")


def test_no_name_covers_another_a_point_or_what_is_taken() -> None:
    """Three points lie close together, a line runs down beside them."""
    points = [(100.0, 100.0), (106.0, 104.0), (112.0, 97.0)]
    line = Box(130, 0, 132, 200)
    found = labels(points, ["smollm2/plain", "smollm2/key-facts", "lead"], ROOM, [line])
    dots = [Box(x - 4, y - 4, x + 4, y + 4) for x, y in points]
    boxes = [label.box for label in found]
    assert not any(one.meets(other) for one, other in combinations(boxes, 2))
    assert not any(box.meets(other) for box in boxes for other in [*dots, line])
    assert all(box.within(ROOM) for box in boxes)


def test_a_point_without_room_for_its_name_has_its_number() -> None:
    narrow = Box(0, 0, 60, 200)
    assert [each.text for each in labels([(10, 50), (30, 150)], ["lead", "a name of many letters"], narrow)] == [
        "lead",
        "2",
    ]


def test_a_number_stands_at_its_point_even_where_nothing_is_clear() -> None:
    (label,) = labels([(5, 5)], ["lead"], Box(0, 0, 1, 1))
    assert (label.text, label.side) == ("1", "left")

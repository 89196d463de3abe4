"""The articles of a run: a sequence of which only the ids are in memory."""

from __future__ import annotations

from collections.abc import Sequence

from harness.data.articles.collection import Articles
from harness.records import Article, Item


def items(*names: str) -> list[Item]:
    return [Item(Article(name, f"The text of {name}.")) for name in names]


def ids(found: Sequence[Item]) -> list[str]:
    return [item.article.id for item in found]


def test_they_are_a_sequence_in_the_order_given() -> None:
    given = items("b", "a", "c")
    found = Articles.of(given)
    assert list(found) == given
    assert (len(found), found[0], found[-1], list(found.ids)) == (3, given[0], given[2], ["b", "a", "c"])


def test_a_slice_and_a_choice_are_articles_too() -> None:
    found = Articles.of(items("a", "b", "c", "d"))
    assert ids(found[1:3]) == ["b", "c"]
    assert ids(found.chosen(["d", "a"])) == ["d", "a"]
    assert found.chosen(["d", "a"])[1].article.text == "The text of a."
    assert ids(found.chosen(["d", "a"])[:1]) == ["d"]


def test_a_choice_of_all_in_another_order_is_in_that_order() -> None:
    found = Articles.of(items("a", "b", "c")).chosen(["c", "a", "b"])
    assert ids(found) == list(found.ids) == ["c", "a", "b"]
    assert found[0].article.id == "c"


def test_of_two_with_one_id_the_first_counts() -> None:
    one, two = Item(Article("a", "One.")), Item(Article("a", "Two."))
    assert list(Articles.of([one, two])) == [one]

"""The articles of a run: a sequence of which only the ids are in memory."""

from __future__ import annotations

from collections.abc import Sequence

from harness.data.articles.loading import Articles
from harness.records import Article, Item


def items(*names: str) -> list[Item]:
    return [Item(Article(name, f"The text of {name}.")) for name in names]


def ids(kept: Sequence[Item]) -> list[str]:
    return [item.article.id for item in kept]


def test_articles_are_a_sequence_in_order() -> None:
    given = items("b", "a", "c")
    kept = Articles.collect(given)
    assert list(kept) == given
    assert (len(kept), kept[0], kept[-1], list(kept.ids)) == (3, given[0], given[2], ["b", "a", "c"])


def test_slices_and_selections_are_articles() -> None:
    kept = Articles.collect(items("a", "b", "c", "d"))
    assert ids(kept[1:3]) == ["b", "c"]
    assert ids(kept.select(["d", "a"])) == ["d", "a"]
    assert kept.select(["d", "a"])[1].article.text == "The text of a."
    assert ids(kept.select(["d", "a"])[:1]) == ["d"]


def test_select_keeps_the_given_order() -> None:
    kept = Articles.collect(items("a", "b", "c")).select(["c", "a", "b"])
    assert ids(kept) == list(kept.ids) == ["c", "a", "b"]
    assert kept[0].article.id == "c"


def test_first_article_of_an_id_counts() -> None:
    one, two = Item(Article("a", "One.")), Item(Article("a", "Two."))
    assert list(Articles.collect([one, two])) == [one]

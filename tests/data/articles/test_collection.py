"""The articles of a run: a sequence of which only the ids are in memory."""

from __future__ import annotations

from harness.data.articles.loading import Articles
from harness.records import Article, Item


def test_articles_are_a_sequence_in_order_and_the_first_of_an_id_counts() -> None:
    given = [Item(Article(name, f"The text of {name}.")) for name in "bacd"]
    kept = Articles.collect([*given, Item(Article("a", "Another."))])
    assert list(kept) == given
    assert (len(kept), kept[0], kept[-1], list(kept.ids)) == (4, given[0], given[3], ["b", "a", "c", "d"])
    assert list(kept[1:3]) == given[1:3]
    some = kept.select(["d", "a"])
    assert list(some) == [some[0], some[1]] == [given[3], given[1]]
    assert (list(some.ids), list(some[:1])) == (["d", "a"], [given[3]])

"""Boosted decision trees, as JSON holds them and plain Python evaluates them (Friedman 2001)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple


class Node(NamedTuple):
    """A question, or a leaf: then ``left`` is -1 and ``threshold`` the tree's answer."""

    feature: int
    threshold: float
    left: int
    """The node to go to where the feature is at most the threshold."""
    right: int


@dataclass(frozen=True, slots=True)
class Trees:
    """Their answers, summed, are log-odds."""

    names: tuple[str, ...]
    """The features that nodes number."""
    bias: float
    trees: tuple[tuple[Node, ...], ...]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Trees:
        """As ``json`` reads them."""
        return cls(
            tuple(data["names"]), data["bias"], tuple(tuple(Node(*node) for node in tree) for tree in data["trees"])
        )

    def logit(self, features: Mapping[str, float]) -> float:
        values = [features[name] for name in self.names]
        return self.bias + sum(_answer(tree, values) for tree in self.trees)


def _answer(tree: Sequence[Node], values: Sequence[float]) -> float:
    node = tree[0]
    while node.left >= 0:
        node = tree[node.left if values[node.feature] <= node.threshold else node.right]
    return node.threshold

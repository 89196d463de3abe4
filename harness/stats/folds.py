"""Folds by group, so that nothing is scored by what was fitted on rows of its own article."""

from __future__ import annotations

import numpy as np

from harness.stats.agreement import group_count
from harness.stats.arrays import Integers

FOLDS = 5


def by_group(groups: Integers, rng: np.random.Generator, count: int = FOLDS) -> Integers:
    """The fold of each row: groups are shuffled and dealt out in turn, to no more folds than there are groups."""
    order = rng.permutation(group_count(groups))
    fold = np.empty_like(order)
    fold[order] = np.arange(order.size) % count
    dealt: Integers = fold[groups]
    return dealt

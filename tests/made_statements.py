"""The training pairs that a maker produces from a text over several seeds."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from benchmarks.training.corpora import Example

Maker = Callable[[str, int, random.Random], Iterator[Example]]


def written(maker: Maker, text: str, draws: int = 12) -> set[tuple[str, str]]:
    """Label and normalised statement of each pair; the first of each two must be the supported one."""
    drawn = [random.Random(seed) for seed in range(draws)]  # noqa: S311  # no secret is drawn
    found = [example for draw in drawn for example in maker(text, 20, draw)]
    assert len(found) % 2 == 0
    assert all(example.label == "supported" for example in found[::2])
    return {(example.label, example.hypothesis.casefold().replace(" .", ".").replace(" ,", ",")) for example in found}

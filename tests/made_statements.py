"""What a maker of training pairs makes of a text, over several draws."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from benchmarks.training.corpora import Example

Maker = Callable[[str, int, random.Random], Iterator[Example]]


def written(maker: Maker, text: str, draws: int = 12) -> set[tuple[str, str]]:
    """Label and statement, whatever the way it is written; each first of two has to be the true one of a pair."""
    drawn = [random.Random(seed) for seed in range(draws)]  # noqa: S311  # no secret is drawn
    found = [example for draw in drawn for example in maker(text, 20, draw)]
    assert len(found) % 2 == 0
    assert all(example.label == "supported" for example in found[::2])
    return {(example.label, example.hypothesis.casefold().replace(" .", ".").replace(" ,", ",")) for example in found}

"""Texts that are nearly the same, found by hash among many thousands (MinHash with banding: Broder 1997).

Two texts are near where they share most of their runs of five words (Jaccard's index). Each text is sketched by the
least of its runs under 64 hash functions; only texts that agree on all four rows of one of 16 bands are compared.
Of pairs with an index of 0.8 that finds 99.98%.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from zlib import crc32

import numpy as np
import numpy.typing as npt

from harness.text import words

NEAR = 0.8
"""Jaccard's index from which two texts are near."""

_RUN_LENGTH = 5
_BANDS, _ROWS = 16, 4
_PRIME = np.uint64(2**31 - 1)
"""A product of two numbers below it fits 64 bits; hashes of runs are taken below it too."""
_MAX_PER_BUCKET = 20
"""Texts of one bucket that are compared with each other; more than that are all alike."""

Runs = npt.NDArray[np.uint64]


def near(texts: Sequence[str]) -> Iterator[tuple[int, int, float]]:
    """Pairs of places in ``texts``, the earlier first, with their index; each pair once, in order."""
    runs = [_runs(text) for text in texts]
    buckets: dict[tuple[int, bytes], list[int]] = {}
    for place, own in enumerate(runs):
        for band, key in enumerate(_bands(own) if own.size else ()):
            buckets.setdefault((band, key), []).append(place)
    pairs = {pair for places in buckets.values() for pair in combinations(places[:_MAX_PER_BUCKET], 2)}
    for one, other in sorted(pairs):
        index = np.intersect1d(runs[one], runs[other]).size / np.union1d(runs[one], runs[other]).size
        if index >= NEAR:
            yield one, other, float(index)


def _runs(text: str) -> Runs:
    """The hashes of the runs of five words, each once; of all words where there are fewer."""
    tokens = words(text)
    starts = range(max(1, len(tokens) - _RUN_LENGTH + 1)) if tokens else ()
    hashes = {crc32(" ".join(tokens[start : start + _RUN_LENGTH]).encode()) for start in starts}
    return np.unique(np.fromiter(hashes, dtype=np.uint64) % _PRIME)


def _bands(runs: Runs) -> list[bytes]:
    rng = np.random.default_rng(0)
    factors, shifts = rng.integers(1, int(_PRIME), size=(2, _BANDS * _ROWS, 1), dtype=np.uint64)
    least: Runs = ((factors * runs + shifts) % _PRIME).min(axis=1)
    return [row.tobytes() for row in least.reshape(_BANDS, _ROWS)]

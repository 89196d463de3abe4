from __future__ import annotations

from collections.abc import Sequence

import pytest
import torch

from harness.models.local import BatchRunner


class Memory:
    """Room for ``rows`` rows at once, else torch runs out of memory; rows above ``largest`` never fit."""

    def __init__(self, rows: int, largest: int = 99) -> None:
        self.rows, self.largest = rows, largest
        self.batches: list[list[int]] = []

    def work(self, batch: Sequence[int]) -> list[str]:
        self.batches.append(list(batch))
        if len(batch) > self.rows or max(batch) > self.largest:
            torch.empty(2**50)
        return [str(row) for row in batch]


def test_rows_are_processed_in_order_in_batches() -> None:
    memory = Memory(3)
    done = list(BatchRunner(3).run(range(7), memory.work))
    assert memory.batches == [[0, 1, 2], [3, 4, 5], [6]]
    assert [(row, result) for row, result, _ in done] == [(row, str(row)) for row in range(7)]
    assert all(seconds >= 0 for _, _, seconds in done)


def test_batch_that_does_not_fit_is_halved_from_then_on() -> None:
    memory, batches = Memory(2), BatchRunner(8)
    assert [result for _, result, _ in batches.run(range(9), memory.work)] == [str(row) for row in range(9)]
    assert [len(batch) for batch in memory.batches] == [8, 4, 2, 2, 2, 2, 1]
    memory.batches.clear()
    list(batches.run(range(4), memory.work))
    assert [len(batch) for batch in memory.batches] == [2, 2]


def test_row_that_does_not_fit_alone_has_no_result() -> None:
    memory = Memory(4, largest=5)
    assert [result for _, result, _ in BatchRunner(4).run([9, 1, 2], memory.work)] == [None, "1", "2"]


def test_other_errors_are_raised() -> None:
    def broken(batch: Sequence[int]) -> list[str]:
        raise RuntimeError(f"size of {batch}")

    with pytest.raises(RuntimeError, match="size of"):
        list(BatchRunner(2).run([1, 2], broken))

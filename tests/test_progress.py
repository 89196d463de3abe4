"""Who watches a bar: a terminal, or whoever asked to be told."""

from __future__ import annotations

import threading

from harness import progress


def test_a_watcher_is_told_of_each_step_and_of_a_better_known_total() -> None:
    seen: list[tuple[int, int]] = []
    with progress.report_to(lambda done, total: seen.append((done, total))), progress.bar("verify", 4) as advance:
        advance(1)
        advance(2, total=6)
        advance(1)
    assert seen == [(0, 4), (1, 4), (3, 6), (4, 6)]


def test_nobody_is_told_afterwards_nor_of_another_threads_bars() -> None:
    seen: list[tuple[int, int]] = []

    def work() -> None:
        with progress.bar("verify", 4) as advance:
            advance(1)

    with progress.report_to(lambda done, total: seen.append((done, total))):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    work()
    assert seen == []


def test_batches_are_all_of_the_items_and_the_bar_moves_when_one_is_done() -> None:
    seen: list[tuple[int, int]] = []
    with progress.report_to(lambda done, total: seen.append((done, total))):
        batches = progress.batches("verify", [1, 2, 3, 4, 5], 2)
        assert next(batches) == [1, 2]
        assert seen == [(0, 5)]
        assert list(batches) == [[3, 4], [5]]
    assert seen == [(0, 5), (2, 5), (4, 5), (5, 5)]

"""Progress bars report their steps to a listener."""

from __future__ import annotations

import threading

from harness import progress


def test_watcher_gets_each_step_and_new_totals() -> None:
    seen: list[tuple[int, int]] = []
    with progress.report_to(lambda done, total: seen.append((done, total))), progress.bar("verify", 4) as advance:
        advance(1)
        advance(2, total=6)
        advance(1)
    assert seen == [(0, 4), (1, 4), (3, 6), (4, 6)]


def test_watcher_is_limited_to_its_thread_and_block() -> None:
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


def test_batches_cover_all_items_and_advance_the_bar() -> None:
    seen: list[tuple[int, int]] = []
    with progress.report_to(lambda done, total: seen.append((done, total))):
        batches = progress.batches("verify", [1, 2, 3, 4, 5], 2)
        assert next(batches) == [1, 2]
        assert seen == [(0, 5)]
        assert list(batches) == [[3, 4], [5]]
    assert seen == [(0, 5), (2, 5), (4, 5), (5, 5)]

"""Work done by threads comes in order, and stops where it fails."""

from __future__ import annotations

import gc
import threading
import time
import weakref

import pytest

from pathworth.base.threads import InOrder, in_order, processors


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_what_is_found_comes_in_the_order_of_the_items(threads: int) -> None:
    def slow_at_first(k: int) -> int:
        time.sleep(0.01 if k % 3 == 0 else 0)
        return k * k

    assert list(in_order(slow_at_first, range(20), threads=threads)) == [k * k for k in range(20)]


@pytest.mark.parametrize("threads", [1, 2])
def test_an_error_comes_at_its_place_and_ends_the_work(threads: int) -> None:
    asked: list[int] = []

    def fail_at_five(k: int) -> int:
        asked.append(k)
        if k == 5:
            raise ValueError("five")
        return k

    found: list[int] = []
    with pytest.raises(ValueError, match="five"):
        found.extend(in_order(fail_at_five, range(1000), threads=threads))
    assert len(asked) < 20


def test_few_items_are_under_way_at_a_time_and_leaving_early_ends_the_threads() -> None:
    taken: list[int] = []
    items = (taken.append(k) or k for k in range(1000))
    results = in_order(lambda k: k, items, threads=2)
    for wanted in range(10):
        assert next(results) == wanted
        assert len(taken) <= wanted + 4
    before = threading.active_count()
    results.close()
    assert threading.active_count() < before
    assert 1 <= processors() <= 4


@pytest.mark.parametrize("threads", [1, 2])
def test_whoever_hands_work_over_goes_when_it_is_done_and_waits_for_no_search_for_circles(
    threads: int,
) -> None:
    class Large:
        def __init__(self) -> None:
            self.found: list[int] = []
            self.work: InOrder[int, int] = InOrder(self.double, self.keep, threads=threads)

        def double(self, k: int) -> int:
            return 2 * k

        def keep(self, k: int) -> None:
            self.found.append(k)

    one = Large()
    for k in range(5):
        one.work.put(k)
    one.work.finish()
    one.work.close()
    assert one.found == [0, 2, 4, 6, 8]
    gc.disable()
    try:
        seen = weakref.ref(one)
        del one
        assert seen() is None
    finally:
        gc.enable()

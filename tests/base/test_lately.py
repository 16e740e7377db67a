"""Columns that do not fit in memory together are let go of in the order in which they were asked for."""

from __future__ import annotations

import mmap
import sys

import numpy as np
import pytest

from pathworth.base.lately import Lately, memory, room_beside

SIZE = 64 * mmap.PAGESIZE


class Told:
    """A memory map that says what it is told to let go of."""

    def __init__(self):
        self.gone = []

    def madvise(self, option, start, length):
        self.gone.append((start, start + length))


def span(place):
    return range(place * SIZE + 64, (place + 1) * SIZE + 64)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is given back on Linux only")
def test_the_column_asked_for_longest_ago_goes_first():
    shards, lately = (Told(), Told()), Lately(4 * SIZE)
    for place, name in enumerate(("a", "b", "a", "c", "d")):
        for one in shards:
            lately.ask(name, one, span=span(place if name != "a" else 0))
    # Of two columns in two shards there is room: "c" takes that of "b", and "d" that of "a".
    ends = [[(start // mmap.PAGESIZE, end) for start, end in one.gone] for one in shards]
    assert ends == [[(64, 2 * SIZE + 64), (0, SIZE + 64)]] * 2


def test_a_column_larger_than_the_room_stays_while_it_is_asked_for():
    one, lately = Told(), Lately(SIZE // 2)
    lately.ask("a", one, span=span(0))
    lately.ask("a", one, span=span(0))
    assert one.gone == []
    lately.ask("b", one, span=span(1))
    assert len(one.gone) == (sys.platform == "linux")


def test_what_was_let_go_of_is_read_again(tmp_path):
    values = np.arange(3 * SIZE, dtype=np.uint8)
    values.tofile(tmp_path / "file")
    with (tmp_path / "file").open("rb") as file:
        held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    lately, spans = Lately(SIZE), (span(0), span(1))
    for _ in range(2):
        for name, one in zip("ab", spans, strict=True):
            lately.ask(name, held, span=one)
            found = np.frombuffer(held, np.uint8, len(one), one.start)
            assert (found == values[one.start : one.stop]).all()


def test_there_is_room_beside_what_is_always_read_and_never_less_than_none():
    assert 0 < room_beside(0) < memory()
    assert room_beside(0) - room_beside(1_000) == 1_000
    assert room_beside(10 * memory()) == 0

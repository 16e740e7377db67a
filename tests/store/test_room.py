"""Arrays lie in files without a name; where there is no disk for one, in memory."""

from __future__ import annotations

import gc
import mmap
import os
from pathlib import Path

import numpy as np
import pytest

from pathworth.store.tail.batch import Growing
from pathworth.store.tail.room import ALONE_BYTES, LEAST_BYTES, SHARED_BYTES, Room

SOME = LEAST_BYTES // 8
MANY = ALONE_BYTES // 8


def lies_in_a_file(array: np.ndarray) -> bool:
    while isinstance(array.base, np.ndarray):
        array = array.base
    return isinstance(array.base, memoryview | mmap.mmap)


def mapped(folder: Path) -> int:
    """Return how many files of a folder this process maps, those without a name."""
    return Path("/proc/self/maps").read_text().count(str(folder))


def test_large_arrays_lie_in_files_that_have_no_name_and_go_with_them(tmp_path: Path) -> None:
    room = Room(tmp_path)
    held = room.empty(MANY, np.int64)
    held[:] = np.arange(MANY)
    assert lies_in_a_file(held)
    assert mapped(tmp_path) == 1
    assert list(tmp_path.iterdir()) == []
    some = np.arange(MANY)[::-1]
    taken = room.take(held, some)
    assert lies_in_a_file(taken)
    assert (taken == some).all()
    view = taken[5:]
    del held, taken
    assert view[0] == some[5]
    del view
    gc.collect()
    assert mapped(tmp_path) == 0


def test_smaller_arrays_share_a_file_which_goes_with_the_last_of_them(tmp_path: Path) -> None:
    room = Room(tmp_path)
    held = [room.empty(SOME + k, np.int64) for k in range(SHARED_BYTES // LEAST_BYTES - 16)]
    for k, one in enumerate(held):
        one[:] = k
    assert mapped(tmp_path) == 1
    assert all((one == k).all() for k, one in enumerate(held))
    assert all(one.ctypes.data % 64 == 0 for one in held)
    others = [room.empty(SOME, np.int64) for _ in range(16)]
    assert mapped(tmp_path) == 2
    del held[1:]
    gc.collect()
    assert mapped(tmp_path) == 2
    assert (held[0] == 0).all()
    del held, others, one
    gc.collect()
    # The room itself goes on with the last one.
    assert mapped(tmp_path) == 1
    del room
    gc.collect()
    assert mapped(tmp_path) == 0


def test_what_was_made_elsewhere_is_kept_where_the_rest_lies(tmp_path: Path) -> None:
    room, many, few = Room(tmp_path), np.arange(SOME), np.arange(5)
    held = room.keep(many)
    assert lies_in_a_file(held)
    assert (held == many).all()
    assert room.keep(few) is few
    assert Room().keep(many) is many


def test_small_arrays_and_those_of_no_folder_lie_in_memory(tmp_path: Path) -> None:
    assert not lies_in_a_file(Room(tmp_path).empty(10, np.int64))
    assert not lies_in_a_file(Room().empty(MANY, np.int64))
    assert Room(tmp_path).take(np.arange(3), np.zeros(0, np.int64)).dtype == np.int64


def test_a_full_disk_and_a_folder_that_is_gone_leave_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: int) -> None:
        raise OSError(28, "No space left on device")

    assert not lies_in_a_file(Room(tmp_path / "gone").empty(MANY, np.int64))
    monkeypatch.setattr(os, "posix_fallocate", full)
    held = Room(tmp_path).empty(MANY, np.int64)
    held[:] = 7
    assert not lies_in_a_file(held)
    assert held.sum() == 7 * MANY


def test_an_array_that_grows_into_a_file_holds_what_it_held(tmp_path: Path) -> None:
    growing = Growing(np.int64, Room(tmp_path))
    growing.append(np.arange(500))
    before = growing.array
    growing.append(np.arange(500, MANY))
    assert lies_in_a_file(growing.array)
    assert (growing.array == np.arange(MANY)).all()
    assert (before == np.arange(500)).all()

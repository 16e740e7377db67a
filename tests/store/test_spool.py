"""What is set aside by part comes back as it was, packed or not, and leaves no file behind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from pathworth.store.shards.spool import Packed, Spool, by_part, packed, unpacked


def rising(count: int) -> NDArray[np.int64]:
    """Times in their order, as rows of a file have them."""
    rng = np.random.Generator(np.random.Philox(3))
    return 1_700_000_000_000_000 + np.cumsum(rng.integers(0, 10_000_000, count))


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.int32, np.int64, np.uint64, np.float64])
@pytest.mark.parametrize("count", [0, 1, 7, 5_000])
def test_an_array_is_packed_only_where_that_takes_less_and_comes_back(
    kind: type, count: int
) -> None:
    rng = np.random.Generator(np.random.Philox(1))
    for values in (
        rising(count).astype(kind),
        rng.integers(0, 255, count * np.dtype(kind).itemsize, dtype=np.uint8).view(kind),
        np.zeros(count, kind),
    ):
        held = packed(values)
        if isinstance(held, Packed):
            assert len(held) == count
            assert len(held.data) < values.nbytes
            held = unpacked(memoryview(held.data), held.dtype, count=count)
        assert held.dtype == values.dtype
        assert held.tobytes() == values.tobytes()


def test_times_that_rise_take_about_half_the_disk() -> None:
    held = packed(rising(100_000))
    assert isinstance(held, Packed)
    assert len(held.data) < 0.6 * 800_000


def test_parts_read_back_what_was_appended_whatever_was_packed(tmp_path: Path) -> None:
    rng = np.random.Generator(np.random.Philox(2))
    spool = Spool(tmp_path / "spool", 4)
    spool.unwanted = frozenset({3})
    wanted: dict[int, list[NDArray[np.int64]]] = {part: [] for part in range(4)}
    for turn in range(6):
        values = rising(900) if turn % 2 else np.zeros(900, dtype=np.int64)
        part_of = rng.integers(0, 4, 900)
        for part, held in by_part(part_of, 4, columns={"time": values}).parts():
            spool.append(part, {"time": packed(held["time"]) if turn > 2 else held["time"]})
            wanted[part].append(values[part_of == part])
    for part in range(3):
        blocks = spool.blocks(part, "time")
        assert [b.tolist() for b in blocks] == [w.tolist() for w in wanted[part]]
        joined = spool.read(part, "time", dtype=np.int64)
        assert joined.tolist() == np.concatenate(wanted[part]).tolist()
    assert spool.blocks(3, "time") == []
    spool.close()
    assert not [*(tmp_path / "spool").iterdir()]

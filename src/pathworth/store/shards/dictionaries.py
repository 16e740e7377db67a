"""Texts become codes, and a column of texts shows what kind of values it holds."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pathworth.kernels.rows.intern import intern, reslot
from pathworth.store.arrays import NO_TIME, Empty
from pathworth.store.contracts import Kind
from pathworth.store.texts import hash64, text_buffers

_NUMBER = r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$"
# 007 and an id of twenty digits would lose something as numbers, so they are texts.
_CODE = r"^[+-]?(0\d|\d{16,}$)"
_FLAG = r"^([Tt]rue|TRUE|[Ff]alse|FALSE)$"
_TIME = r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d(:?\d\d)?)?)?$"
_ZONE = r"[T ].*(Z|[+-]\d\d(:?\d\d)?)$"
PARSED: tuple[Kind, ...] = ("number", "flag", "time")


class Dictionary:
    """Append-only codes of distinct texts, in the order in which they were first seen.

    Parameters
    ----------
    values
        Texts that have codes already, from 0.
    empty
        Makes the arrays that it lies in.
    """

    def __init__(self, values: Sequence[str] = (), *, empty: Empty = np.empty) -> None:
        self._empty = empty
        self._slots = np.full(1024, -1, dtype=np.int64)
        self._hash = np.zeros(256, dtype=np.uint64)
        self._offset = np.zeros(257, dtype=np.int64)
        self._bytes = np.zeros(4096, dtype=np.uint8)
        self._distinct = np.zeros(1, dtype=np.int64)
        if len(values):
            self.codes(pa.array(values, pa.large_string()))

    def __len__(self) -> int:
        return int(self._distinct[0])

    @property
    def size(self) -> int:
        """Return the bytes of memory that it takes."""
        held = (self._slots, self._hash, self._offset, self._bytes)
        return sum(array.nbytes for array in held)

    def codes(self, texts: pa.Array) -> NDArray[np.int32]:
        """Return int32[n]: the code of each text; a text not seen before gets the next one."""
        data, offset = text_buffers(texts)
        self._make_room(len(texts), int(offset[-1] - offset[0]))
        out = np.empty(len(texts), dtype=np.int32)
        kept = (self._hash, self._offset, self._bytes, self._distinct)
        intern(data, offset, hash64(texts), self._slots, *kept, out)
        return out

    def values(self, first: int = 0) -> pa.Array:
        """Return the texts by code, from a code on; a view for as long as no text is added."""
        count = len(self) - first
        return pa.LargeStringArray.from_buffers(
            count,
            pa.py_buffer(self._offset[first : len(self) + 1]),
            pa.py_buffer(self._bytes),
        )

    def _make_room(self, texts: int, size: int) -> None:
        most = len(self) + texts
        if most > len(self._hash):
            self._hash = self._grown(self._hash, most)
            self._offset = self._grown(self._offset, len(self._hash) + 1)
        used = int(self._offset[len(self)])
        if used + size > len(self._bytes):
            self._bytes = self._grown(self._bytes, used + size)
        if 2 * most > len(self._slots):
            self._slots = self._empty(1 << (2 * most).bit_length(), np.int64)
            self._slots.fill(-1)
            reslot(self._hash, len(self), self._slots)

    def _grown(self, array: NDArray, size: int) -> NDArray:
        out = self._empty(max(size, len(array) * 3 // 2), array.dtype)
        out[: len(array)] = array
        return out


class KindWatch:
    """What kind of values texts can be, narrowed as more of them are seen.

    Parameters
    ----------
    possible
        The kinds other than text that they may be at all.
    """

    def __init__(self, possible: Collection[Kind] = PARSED) -> None:
        self._possible: list[Kind] = list(possible)
        self.seen = False

    def look(self, texts: pa.Array, timezone: str) -> None:
        """Rule out the kinds that some text is not."""
        if len(texts):
            self.seen = True
            self._possible = [k for k in self._possible if _all_are(texts, k, timezone)]

    @property
    def kind(self) -> Kind:
        """Return the kind that every text seen is; text when there is no other."""
        return self._possible[0] if self.seen and self._possible else "text"


def _all_are(texts: pa.Array, kind: Kind, timezone: str) -> bool:
    pattern = {"number": _NUMBER, "flag": _FLAG, "time": _TIME}[kind]
    if not _true(pc.all(pc.match_substring_regex(texts, pattern))):
        return False
    if kind == "number":
        return not _true(pc.any(pc.match_substring_regex(texts, _CODE)))
    try:
        parse(texts, kind, timezone=timezone)
    except pa.ArrowInvalid:
        return False
    return True


def _true(answer: pa.Scalar) -> bool:
    return bool(answer.as_py())


def parse(texts: pa.Array, kind: Kind, *, timezone: str) -> NDArray:
    """Return texts as values of a kind: float64, uint8 or int64 microseconds.

    Raises
    ------
    pyarrow.ArrowInvalid
        When a text is not of that kind.
    """
    if kind == "number":
        return np.asarray(texts.cast(pa.float64()))
    if kind == "flag":
        return np.asarray(pc.equal(pc.ascii_lower(texts), "true").cast(pa.uint8()))
    out = np.empty(len(texts), dtype=np.int64)
    zoned = pc.match_substring_regex(texts, _ZONE)
    there = zoned.to_numpy(zero_copy_only=False)
    utc = pa.timestamp("us", "UTC")
    exact = pc.filter(texts, zoned).cast(utc)
    local = pc.assume_timezone(
        pc.filter(texts, pc.invert(zoned)).cast(pa.timestamp("us")),
        timezone,
        ambiguous="earliest",
        nonexistent="latest",
    )
    out[there] = exact.cast(pa.int64()).to_numpy()
    out[~there] = local.cast(utc).cast(pa.int64()).to_numpy()
    return out


NULLS: dict[Kind, float | int] = {"number": np.nan, "flag": 2, "time": NO_TIME}

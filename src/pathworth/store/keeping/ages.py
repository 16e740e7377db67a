"""Which events are older than their source is kept, at some moment."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from pathworth.base.durations import to_us
from pathworth.store.keeping.contracts import EVENTS, OWN, Kept
from pathworth.store.records.database import Database, Setting

KEY = "keep"
CODE = "OLDER_THAN_KEPT"
REASON = "It is older than events of its source are kept, and is not taken in."
_ALWAYS = int(np.iinfo(np.int64).min)


def kept(session: Session) -> Kept:
    """Return how long each class is kept, as it was declared."""
    row = session.get(Setting, KEY)
    return Kept(msgspec.json.decode(row.value, type=dict[str, str])) if row else Kept()


def first_kept_us(limit: str, *, timezone: str, now_us: int) -> int:
    """Return from when on something is kept: whole days in the workspace's time zone, the first of them included."""
    zone = ZoneInfo(timezone)
    at = datetime.fromtimestamp(now_us / 1_000_000, zone) - timedelta(microseconds=to_us(limit))
    day = at.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return int(day.timestamp()) * 1_000_000


@dataclass(frozen=True)
class TooOld:
    """Says of events which ones are older than they are kept.

    Parameters
    ----------
    others
        From when on events are kept, microseconds since 1970 UTC.
    own
        The same of sources that have their own limit.
    """

    others: int = _ALWAYS
    own: Mapping[str, int] = field(default_factory=dict)
    columns: tuple[str, ...] = ("source", "time")

    def __bool__(self) -> bool:
        return self.latest > _ALWAYS

    @property
    def latest(self) -> int:
        """Return from when on no event leaves, of whichever source."""
        return max(self.others, *self.own.values()) if self.own else self.others

    def of(self, rows: pa.Table) -> pa.Array:
        """Return bool[n]: which rows of the lake, of what lies beside it, or of a block are too old."""
        times = rows["time" if "time" in rows.column_names else "time_us"].cast(pa.int64())
        return pa.array(self.which(rows["source"], times.to_numpy()))

    def which(
        self, sources: pa.ChunkedArray | pa.Array | str, times: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Return bool[n]: which events are too old, by the source of each, or of them all, and their times."""
        if isinstance(sources, str):
            old: NDArray[np.bool_] = times < self.own.get(sources, self.others)
            return old
        coded = sources if pa.types.is_dictionary(sources.type) else pc.dictionary_encode(sources)
        whole = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
        if isinstance(whole, pa.ChunkedArray):
            if not whole.num_chunks:
                return np.zeros(0, np.bool_)
            whole = whole.chunk(0)
        texts = whole.dictionary.to_pylist()
        limits = [*(self.own.get(text, self.others) for text in texts), self.others]
        codes = whole.indices.fill_null(len(texts)).to_numpy(zero_copy_only=False)
        found: NDArray[np.bool_] = times < np.array(limits, np.int64)[codes]
        return found


NOTHING_OLD = TooOld()


def too_old(held: Kept, *, timezone: str, now_us: int) -> TooOld:
    """Return which events are older than they are kept at a moment."""

    def first(name: str) -> int:
        limit = held.of(name)
        return _ALWAYS if limit is None else first_kept_us(limit, timezone=timezone, now_us=now_us)

    own = {n.removeprefix(OWN): first(n) for n in held.limits if n.startswith(OWN)}
    return TooOld(first(EVENTS), own)


def too_old_now(session: Session) -> TooOld:
    """Return which events are older than they are kept, at this moment."""
    held = kept(session)
    if not held.limits:
        return NOTHING_OLD
    row = session.get(Setting, "timezone")
    timezone = msgspec.json.decode(row.value, type=str) if row else "UTC"
    return too_old(held, timezone=timezone, now_us=time.time_ns() // 1000)


def old_now(database: Database) -> TooOld:
    """Return which events of a workspace are older than they are kept, at this moment."""
    with database.session() as session:
        return too_old_now(session)

"""Reads batches that wait, each for itself where one brings the reader down, and refuses what must not come in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pathworth.base.errors import PathworthError
from pathworth.store.arrivals.blocks import FIXED
from pathworth.store.arrivals.contracts import UNREAD, HandedIn, Read, ReadEvents
from pathworth.store.erasing.suppressed import CODE, REASON, ErasedIds
from pathworth.store.keeping.ages import CODE as OLD_CODE, REASON as OLD_REASON, TooOld

Waiting = list[tuple[int, HandedIn]]
"""Batches with their numbers in the inbox."""
_NOTHING = pa.schema(
    [("row", pa.int64()), *(field for field in FIXED if field.name not in {"seq", "content"})]
).empty_table()


def read_waiting(waiting: Waiting, names: Mapping[str, str], *, read: Read) -> ReadEvents:
    """Read batches; one that brings the reader down is kept whole, and stops no other."""
    bodies = [batch for _, batch in waiting]
    try:
        return read(bodies, names)
    except Exception as trouble:  # noqa: BLE001  # whatever it is, the other batches must go on
        if len(bodies) > 1:
            return _one_by_one(waiting, names, read=read)
        code = trouble.code if isinstance(trouble, PathworthError) else "UNREADABLE"
        reason = str(trouble) or type(trouble).__name__
        raw = bodies[0].body.decode(errors="replace")
        row = {"batch": 0, "row": 0, "code": code, "reason": reason, "raw": raw}
        none = np.zeros(0, np.int64)
        rejects = pa.Table.from_pylist([row], schema=UNREAD)
        return ReadEvents(_NOTHING, none, none.astype(np.bool_), rejects, names)


def _one_by_one(waiting: Waiting, names: Mapping[str, str], *, read: Read) -> ReadEvents:
    parts: list[ReadEvents] = []
    for number in range(len(waiting)):
        parts.append(read_waiting(waiting[number : number + 1], names, read=read))
        names = parts[-1].names
    rejects = [_of_batch(part.rejects, k) for k, part in enumerate(parts)]
    return ReadEvents(
        pa.concat_tables([part.events for part in parts], promote_options="default"),
        np.concatenate([part.batch + k for k, part in enumerate(parts)]),
        np.concatenate([part.hashed for part in parts]),
        pa.concat_tables(rejects),
        names,
        pa.concat_tables([_of_batch(part.links, k) for k, part in enumerate(parts)]),
        pa.concat_tables([_of_batch(part.facts, k) for k, part in enumerate(parts)]),
    )


def without_erased(read: ReadEvents, erased: ErasedIds) -> ReadEvents:
    """Refuse the events of people who were erased; what they said is kept nowhere."""
    gone = erased.which(read.events["entity"]) if erased else np.zeros(0, np.bool_)
    return _refused(read, gone, CODE, reason=REASON)


def without_old(read: ReadEvents, old: TooOld) -> ReadEvents:
    """Refuse what is older than it is kept; what it said is kept nowhere."""
    if not old or not len(read.events):
        return read
    gone = old.which(read.events["source"], read.events["time_us"].to_numpy())
    return _refused(read, gone, OLD_CODE, reason=OLD_REASON)


def _refused(read: ReadEvents, gone: NDArray[np.bool_], code: str, *, reason: str) -> ReadEvents:
    if not gone.any():
        return read
    refused = {
        "batch": pa.array(read.batch[gone]),
        "row": read.events["row"].filter(pa.array(gone)),
        "code": pa.array([code] * int(gone.sum())),
        "reason": pa.array([reason] * int(gone.sum())),
        "raw": pa.array([""] * int(gone.sum())),
    }
    kept = ~gone
    return replace(
        read,
        events=read.events.filter(pa.array(kept)),
        batch=read.batch[kept],
        hashed=read.hashed[kept],
        rejects=pa.concat_tables([read.rejects, pa.table(refused)], promote_options="default"),
    )


def _of_batch(rows: pa.Table, number: int) -> pa.Table:
    return rows.set_column(0, "batch", pa.repeat(pa.scalar(number, pa.int64()), len(rows)))

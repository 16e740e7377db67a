"""Where the events of a tail come from: the operational database, and the lake's newest files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec
import numpy as np
import pyarrow as pa
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from pathworth.store.records.data.arrivals import ArrivedRow
from pathworth.store.shards.columns import QUIET
from pathworth.store.tail.batch import Batch

AT_ONCE = 50_000
_COLUMNS = ("seq", "entity", "name", "time_us", "value", "cost", *QUIET, "properties")


def waiting(session: Session, after: int) -> Iterator[Batch]:
    """Yield the numbered events that the lake lacks, from behind a number on."""
    asked = (
        select(*(getattr(ArrivedRow, name) for name in _COLUMNS))
        .where(ArrivedRow.seq > after, ArrivedRow.drained.is_(False))
        .order_by(ArrivedRow.seq)
    )
    for rows in session.execute(asked).partitions(AT_ONCE):
        yield _batch(rows)


def _batch(rows: Sequence[Row]) -> Batch:
    seq, entity, name, time_us, value, cost, source, currency, said = zip(*rows, strict=True)
    properties = [msgspec.json.decode(text, type=dict[str, str]) for text in said]
    names = sorted({name for one in properties for name in one})
    return Batch(
        seq=np.array(seq, np.int64),
        time_us=np.array(time_us, np.int64),
        entity=pa.array(entity, pa.string()),
        name=pa.array(name, pa.string()),
        value=np.array([one or 0 for one in value], np.int64),
        cost=np.array([one or 0 for one in cost], np.int64),
        texts=_texts({one: [held.get(one) for held in properties] for one in names}),
        about=_texts({"source": source, "currency": currency}),
    )


def _texts(columns: Mapping[str, Sequence[str | None]]) -> dict[str, pa.Array]:
    return {name: pa.array(held, pa.string()) for name, held in columns.items()}

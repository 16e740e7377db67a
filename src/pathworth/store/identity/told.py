"""Everything that was said under some raw ids: read from the lake, and from what waits for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlalchemy import select

from pathworth.store.arrivals import blocks
from pathworth.store.commits import Places
from pathworth.store.erasing.suppressed import erased_now
from pathworth.store.identity.contracts import SaidEvent
from pathworth.store.lake import PREFIX, Lake
from pathworth.store.records.data.arrivals import WAITS, BlockRow
from pathworth.store.shared import present
from pathworth.store.texts import group_of, hash64

if TYPE_CHECKING:
    from pathworth.store.workspace import Workspace


def said_under(workspace: Workspace, ids: Sequence[str]) -> tuple[SaidEvent, ...]:
    """Return every event that was said under some raw ids, each once, by its time and number."""
    erased = erased_now(workspace.database)
    wanted = pa.array([one for one in ids if not erased.has(one)], pa.string())
    # What waits is read first: an event that enters the lake meanwhile is then in both, and is taken once.
    found = {one.seq: one for one in (*_waiting(workspace, wanted), *_in_lake(workspace, wanted))}
    return tuple(sorted(found.values(), key=lambda one: (one.time_us, one.seq)))


def _waiting(workspace: Workspace, ids: pa.Array) -> Iterator[SaidEvent]:
    with workspace.database.session() as session:
        bodies = session.scalars(select(BlockRow.body).where(*WAITS)).all()
    for body in bodies:
        rows = blocks.unpacked(body)
        own = {name: name for name in blocks.properties_of(rows)}
        rows = rows.filter(pc.is_in(rows["entity"], value_set=ids))
        yield from _events(rows.append_column("import_id", pa.nulls(len(rows), pa.int64())), own)


def _in_lake(workspace: Workspace, ids: pa.Array) -> Iterator[SaidEvent]:
    """Yield events of the zones of some ids."""
    lake = Lake(Places(workspace.path).lake)
    zones = {"new", *(f"{zone:02d}" for zone in set(group_of(hash64(ids)).tolist()))}
    for file in lake.files():
        if file.path.split("/")[0].removeprefix("zone=") not in zones:
            continue
        with pq.ParquetFile(present(lake.folder / file.path)) as held:
            own = {n: unquote(n[len(PREFIX) :]) for n in held.schema_arrow.names if n[:2] == PREFIX}
            for group in range(held.num_row_groups):
                whose = held.read_row_group(group, columns=["entity"])["entity"]
                mine = pc.is_in(whose, value_set=ids)
                if not pc.any(mine).as_py():
                    continue
                rows = held.read_row_group(group).filter(mine)
                times = rows["time"].cast(pa.int64())
                yield from _events(rows.append_column("time_us", times), own)


def _events(rows: pa.Table, own: dict[str, str]) -> Iterator[SaidEvent]:
    """Yield rows as events; ``own`` names the property of each column that is one."""
    for row in rows.to_pylist():
        digest = row["digest"]
        yield SaidEvent(
            seq=row["seq"],
            import_id=row["import_id"],
            source=row["source"],
            message_id=row["message_id"] or (digest.hex() if digest else ""),
            entity=row["entity"],
            name=row["name"],
            time_us=row["time_us"],
            value=row["value"],
            cost=row["cost"],
            currency=row["currency"],
            properties={said: row[n] for n, said in own.items() if row[n] is not None},
        )

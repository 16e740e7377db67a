"""What was said of accounts themselves, as columns of their journeys: one value for all events of an account.

They lie where columns lie that were made when somebody asked for them, and are read as those are.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from sqlalchemy import func, select

from pathworth.store.contracts import Kind, Shard
from pathworth.store.entities.contracts import Declared
from pathworth.store.records.data.account_facts import AccountFactRow
from pathworth.store.records.database import Database
from pathworth.store.shards.column_files import MANIFEST, ColumnFiles, write_entry
from pathworth.store.shards.columns import PropertyColumn, dictionary_room
from pathworth.store.shards.dictionaries import PARSED
from pathworth.store.shards.on_use import folders_of, name_folder
from pathworth.store.shards.snapshots import Manifest, OtherEntry, ShardWriter, open_snapshot

MOST = 32
"""So many facts become columns, those first that are known of most accounts."""


@dataclass(frozen=True)
class Fact:
    """One fact: what it is called, and its value by account, both large_string[n]."""

    name: str
    accounts: pa.Array
    values: pa.Array


def facts_of(database: Database, declared: Declared) -> tuple[Fact, ...]:
    """Return what is known of the accounts that an entity may mean."""
    row = AccountFactRow
    with database.session() as session:
        kinds = _meant(session.scalars(select(row.kind).distinct()).all(), declared)
        mine = (row.kind.in_(kinds), row.value.is_not(None))
        often = func.count().desc(), row.name
        asked = select(row.name).where(*mine).group_by(row.name).order_by(*often).limit(MOST)
        found = []
        for name in session.scalars(asked).all():
            # Of two kinds of group with one id the later word comes last, and stands.
            said = select(row.account, row.value).where(*mine, row.name == name)
            known = {one.account: one.value for one in session.execute(said.order_by(row.at_us))}
            found.append(Fact(name, _texts(known), _texts(known.values())))
        return tuple(found)


def _meant(kinds: Sequence[str], declared: Declared) -> list[str]:
    """Return the kinds of group that an entity means: those without a word, and those that it is named by."""
    words = {declared.name, declared.by, *re.split(r"[\W_]+", declared.by)}
    meant = [kind for kind in kinds if not kind or kind in words]
    return meant or (list(kinds) if len(kinds) == 1 else [])


def _texts(values: Iterable[str | None]) -> pa.Array:
    return pa.array(values, pa.large_string())


def write_facts(
    folder: Path, made: Manifest, *, facts: Sequence[Fact], declared: Declared
) -> Manifest:
    """Write facts as columns beside the shards of a set, and return its manifest with them.

    A fact that is called as a property of events is goes by the entity's name before it: ``account_plan``.

    Parameters
    ----------
    folder
        Of the set.
    """
    shards, others = open_snapshot(folder).shards, dict(made.others)
    taken = {column.name for column in made.columns} | set(others)
    for fact in facts:
        name = f"{declared.name}_{fact.name}" if fact.name in taken else fact.name
        if name in taken:
            continue
        taken.add(name)
        said = [_said(shard, fact) for shard in shards]
        plain, texts = folders_of(folder / "columns", name)
        kind = _write(plain, name, said, shards=shards, kinds=PARSED, timezone=made.timezone)
        if kind is not None:
            others[name] = OtherEntry("", kind)
        if kind not in {None, "text"}:
            _write(texts, name, said, shards=shards, kinds=(), timezone=made.timezone)
    return replace(made, others=others)


def _said(shard: Shard, fact: Fact) -> pa.Array:
    """Return large_string[n]: what is known of each entity of a shard."""
    offset, data = pa.py_buffer(shard.id_offset), pa.py_buffer(shard.id_bytes)
    ids = pa.LargeStringArray.from_buffers(shard.entities, offset, data)
    return fact.values.take(pc.index_in(ids, value_set=fact.accounts))


def _write(
    folder: Path,
    name: str,
    said: Sequence[pa.Array],
    *,
    shards: Sequence[Shard],
    kinds: Collection[Kind],
    timezone: str,
) -> Kind | None:
    """Write one column and return its kind; null when nothing is known of anybody, or its texts are too many."""
    column = PropertyColumn(name, name, least=None, room=dictionary_room(), kinds=kinds, direct=())
    codes = list(_codes(column, said, timezone))
    if len(codes) < len(said) or not column.filled:
        return None
    folder.mkdir(parents=True)
    entry = write_entry(folder, "values", column=column, promoted=False)
    size = 0 if entry.values is None else (folder / entry.values).stat().st_size
    written = []
    for number, (shard, mine) in enumerate(zip(shards, codes, strict=True)):
        values = column.values([mine], timezone)
        with ShardWriter(folder / f"{number:05d}.shard") as writer:
            writer.add("c", np.repeat(values, np.diff(shard.offset)))
            if entry.trait:
                writer.add("t", values)
            written.append(writer.entry())
    name_folder(folder, name)
    (folder / MANIFEST).write_bytes(msgspec.json.encode(ColumnFiles(entry, size, written)))
    return entry.kind


def _codes(column: PropertyColumn, said: Sequence[pa.Array], timezone: str) -> Iterator[NDArray]:
    for texts in said:
        found = column.take(texts, len(texts), timezone=timezone)
        if found is None:
            return
        yield found

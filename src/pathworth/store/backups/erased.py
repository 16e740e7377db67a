"""Whoever was erased after a backup is erased again when it is put back: a list of digests lies beside it."""

from __future__ import annotations

import hashlib
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import select
from sqlalchemy.orm import Session

from pathworth.base.errors import BadInput
from pathworth.store.arrivals import blocks
from pathworth.store.backups.contracts import BackupNote
from pathworth.store.backups.notes import remembered
from pathworth.store.commits import Places
from pathworth.store.erasing.rows import ErasedIdRow, ErasureRow, digest_of, salt_of
from pathworth.store.erasing.suppressed import ErasedIds
from pathworth.store.erasing.sweeping import Sweep, note_addresses
from pathworth.store.erasing.words import Words
from pathworth.store.files import write_whole
from pathworth.store.lake import Lake
from pathworth.store.records.consents import ConsentRow, RestRow
from pathworth.store.records.data.arrivals import BlockRow
from pathworth.store.records.data.links import LinkRow
from pathworth.store.records.database import Database, Setting, lock
from pathworth.store.records.ledger_rows import LedgerRow
from pathworth.store.records.person_states import OccasionRow, PersonStateRow
from pathworth.store.shared import present

SUFFIX = ".erased"
_WHY = "The workspace was put back from a backup that was made before this erasure."
_TOLD = (
    ConsentRow.entity,
    RestRow.entity,
    LedgerRow.entity,
    LedgerRow.unit,
    PersonStateRow.entity,
    OccasionRow.entity,
    LinkRow.one,
    LinkRow.other,
)


@dataclass(frozen=True)
class _One:
    """One erasure: its number, when it was asked for, the person's digest, and those of all ids with their marks."""

    number: int
    asked_us: int
    person: str
    ids: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class _List:
    """All erasures of a workspace; ``key`` tells workspaces apart, ``salt`` is there where the backup has none."""

    key: str
    salt: str | None
    erasures: tuple[_One, ...]


def list_of(backup: Path) -> Path:
    """Return where the list of whoever was erased after a backup lies."""
    return backup.with_name(f"{backup.name}{SUFFIX}")


def keep_lists(database: Database) -> None:
    """Write beside every backup that is there who was erased by now; what cannot be written waits for the batch."""
    notes = [one for one in remembered(database) if Path(one.path).exists()]
    if not notes:
        return
    with database.session() as session:
        salt = salt_of(session)
        if salt is None:
            return
        erasures = tuple(_erasures(session))
    for one in notes:
        file = list_of(Path(one.path))
        others = _others(file, _key(salt), known={each.person for each in erasures})
        hidden = None if one.salted else salt.hex()
        said = _List(_key(salt), hidden, (*erasures, *others))
        with suppress(OSError):
            write_whole(file, msgspec.json.encode(said))


def _others(file: Path, key: str, *, known: set[str]) -> tuple[_One, ...]:
    """Return erasures that a list names and a workspace does not know, which was put back without that list."""
    try:
        told = msgspec.json.decode(file.read_bytes(), type=_List)
    except (OSError, msgspec.DecodeError):
        return ()
    return tuple(one for one in told.erasures if told.key == key and one.person not in known)


def lies_beside(note: BackupNote) -> bool:
    """Return whether the list lies beside a backup."""
    return list_of(Path(note.path)).exists()


def _erasures(session: Session) -> Iterator[_One]:
    ids: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for held in session.scalars(select(ErasedIdRow)):
        ids[held.erasure].append((held.digest.hex(), held.mark))
    for row in session.scalars(select(ErasureRow).order_by(ErasureRow.id)):
        yield _One(row.id, row.asked_us, row.person.hex(), tuple(sorted(ids[row.id])))


def _key(salt: bytes) -> str:
    return hashlib.blake2b(b"whose list", key=salt, digest_size=16).hexdigest()


def erase_again(places: Places, database: Database, *, said: Path) -> int:
    """Mask whoever a list names and the workspace does not know as erased; return how many of them it holds.

    Raises
    ------
    BadInput
        ``ERASED_LIST_DAMAGED`` where it cannot be read, or is another workspace's.
    """
    try:
        told = msgspec.json.decode(said.read_bytes(), type=_List)
    except (OSError, msgspec.DecodeError) as trouble:
        raise _damaged(said, f"cannot be read: {trouble}") from trouble
    with database.writing() as session:
        lock(session)
        salt = salt_of(session)
        if salt is None and told.salt is not None:
            salt = bytes.fromhex(told.salt)
            value = msgspec.json.encode(told.salt).decode()
            session.merge(Setting(key="erasing_salt", value=value))
        if salt is None or _key(salt) != told.key:
            raise _damaged(said, "is the list of another workspace")
        known = set(session.scalars(select(ErasureRow.person)))
        told_of = (one for one in told.erasures if bytes.fromhex(one.person) not in known)
        new = [replace(one, number=place) for place, one in enumerate(told_of)]
        if not new:
            return 0
        held = _held(places, session, new=new, salt=salt)
        for one in new:
            _mask(session, one, ids=held[one.number], salt=salt)
        return sum(bool(ids) for ids in held.values())


def _damaged(file: Path, why: str) -> BadInput:
    return BadInput(
        "ERASED_LIST_DAMAGED",
        f"{file}, which says who was erased after the backup, {why}.",
        "Copy it again from beside the backup, or name another one of this workspace with --erased.",
    )


def _held(
    places: Places, session: Session, *, new: list[_One], salt: bytes
) -> dict[int, tuple[str, ...]]:
    """Return which raw ids of each person a workspace holds, wherever it does."""
    whose = {bytes.fromhex(digest): one.number for one in new for digest, _ in one.ids}
    marks = np.array([mark for one in new for _, mark in one.ids], np.int64).view(np.uint64)
    erased = ErasedIds(salt, np.sort(marks), frozenset(whose))
    found: dict[int, set[str]] = defaultdict(set)
    for ids in _ids(places, session):
        for id_ in set(ids.filter(pa.array(erased.which(ids))).to_pylist()):
            found[whose[digest_of(salt, id_)]].add(id_)
    return {one.number: tuple(sorted(found[one.number], key=str.encode)) for one in new}


def _ids(places: Places, session: Session) -> Iterator[pa.Array]:
    """Yield all raw ids of the files and tables of a workspace, many times over."""
    lake = Lake(places.lake)
    files = [lake.folder / file.path for file in lake.files()]
    for path in (*files, *sorted(places.shadows(0).parent.glob("*.parquet"))):
        with pq.ParquetFile(present(path)) as held:
            for group in range(held.num_row_groups):
                yield _texts(held.read_row_group(group, columns=["entity"])["entity"])
    for row in session.scalars(select(BlockRow).execution_options(yield_per=20)):
        yield _texts(blocks.unpacked(row.body)["entity"])
    for column in _TOLD:
        yield pa.array(session.scalars(select(column).distinct()).all(), pa.string())


def _texts(ids: pa.ChunkedArray) -> pa.Array:
    return ids.combine_chunks().cast(pa.string()).unique().drop_null()


def _mask(session: Session, one: _One, *, ids: tuple[str, ...], salt: bytes) -> None:
    """Write an erasure down, and delete at once what the database holds; the batch does the rest."""
    now = time.time_ns() // 1000
    addresses = note_addresses(session, ids)
    row = ErasureRow(
        person=bytes.fromhex(one.person),
        raw_ids=len(one.ids),
        because=_WHY,
        asked_us=one.asked_us,
        asked_by="",
        ids=msgspec.json.encode(ids).decode() if ids else None,
        addresses=msgspec.json.encode(addresses).decode() if ids else None,
        number=None,
        state="masked" if ids else "done",
        done_us=None if ids else now,
        told="[]",
        remains="[]",
        searched=None,
    )
    session.add(row)
    session.flush()
    session.add_all(
        ErasedIdRow(digest=bytes.fromhex(digest), mark=mark, erasure=row.id)
        for digest, mark in one.ids
    )
    session.flush()
    if ids:
        Sweep(session, ids, Words([*ids, *addresses]), salt).all()

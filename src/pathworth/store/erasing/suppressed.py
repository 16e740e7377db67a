"""Ids whose person was erased: nothing that is said of them later comes in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pathworth.store.erasing.rows import (
    ErasedIdRow,
    ErasureRow,
    digest_of,
    marks_of,
    salt_of,
)
from pathworth.store.records.database import Database

CODE = "ERASED_PERSON"
REASON = "It is of a person who was erased, and is not taken in."
_State = tuple[bytes, int, int]


@dataclass(frozen=True)
class ErasedIds:
    """The raw ids of everybody who was erased, as salted digests.

    Parameters
    ----------
    salt
        Of the workspace.
    marks
        uint64[n]: ascending.
    digests
        All of them.
    """

    salt: bytes
    marks: NDArray[np.uint64]
    digests: frozenset[bytes]

    def __bool__(self) -> bool:
        return bool(self.digests)

    def has(self, id_: str) -> bool:
        """Return whether the person of a raw id was erased."""
        return bool(self.digests) and digest_of(self.salt, id_) in self.digests

    def which(self, ids: pa.Array | pa.ChunkedArray) -> NDArray[np.bool_]:
        """Return bool[n]: which raw ids, coded texts or plain ones, are of somebody who was erased."""
        if not self.digests or not len(ids):
            return np.zeros(len(ids), np.bool_)
        coded = _coded(ids)
        texts = coded.dictionary
        gone = np.isin(marks_of(self.salt, texts), self.marks)
        for place in np.flatnonzero(gone).tolist():
            gone[place] = self.has(texts[place].as_py())
        codes = coded.indices.fill_null(len(texts)).to_numpy()
        found: NDArray[np.bool_] = np.append(gone, False)[codes]
        return found


NOBODY_ERASED = ErasedIds(b"", np.zeros(0, np.uint64), frozenset())
_known: dict[_State, ErasedIds] = {}


def erased_ids(session: Session) -> ErasedIds:
    """Return everybody who was erased until now, read once for as long as nobody else is."""
    newest = select(func.max(ErasureRow.id), func.max(ErasureRow.asked_us))
    number, asked_us = session.execute(newest).one()
    salt = None if number is None else salt_of(session)
    if salt is None:
        return NOBODY_ERASED
    state = (salt, int(number), int(asked_us))
    found = _known.get(state)
    if found is None:
        rows = session.execute(select(ErasedIdRow.digest, ErasedIdRow.mark)).all()
        marks = np.array([row.mark for row in rows], np.int64).view(np.uint64)
        found = ErasedIds(salt, np.sort(marks), frozenset(row.digest for row in rows))
        for old in [old for old in _known if old[0] == salt]:
            _known.pop(old, None)
        _known[state] = found
    return found


def erased_now(database: Database) -> ErasedIds:
    """Return everybody of a workspace who was erased until now."""
    with database.session() as session:
        return erased_ids(session)


def _coded(ids: pa.Array | pa.ChunkedArray) -> pa.DictionaryArray:
    held = ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else ids
    if isinstance(held, pa.ChunkedArray):
        held = held.chunk(0)
    return held if pa.types.is_dictionary(held.type) else held.dictionary_encode()

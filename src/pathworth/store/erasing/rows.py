"""What the database keeps of erasures: salted digests for ever, and the ids themselves until the batch is done."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from sqlalchemy import BigInteger, LargeBinary, Text, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pathworth.store.erasing.contracts import Erasure, Place, Remains, Searched
from pathworth.store.records.data.arrivals import ID
from pathworth.store.records.database import Base, Setting, lock
from pathworth.store.texts import hash64

if TYPE_CHECKING:
    from pathworth.store.workspace import Workspace

_SALT = "erasing_salt"


class ErasureRow(Base):
    """One erasure.

    ``ids`` and ``addresses`` are the person's own, as JSON, for the batch to look for; null once it is done.
    ``number`` is that of the change of the lake that wrote it anew.
    """

    __tablename__ = "erasures"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    id: Mapped[int] = mapped_column(ID, primary_key=True, autoincrement=True)
    person: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    raw_ids: Mapped[int] = mapped_column(BigInteger)
    because: Mapped[str] = mapped_column(Text)
    asked_us: Mapped[int] = mapped_column(BigInteger)
    asked_by: Mapped[str] = mapped_column(Text)
    ids: Mapped[str | None] = mapped_column(Text)
    addresses: Mapped[str | None] = mapped_column(Text)
    number: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(Text, index=True)
    done_us: Mapped[int | None] = mapped_column(BigInteger)
    told: Mapped[str] = mapped_column(Text)
    remains: Mapped[str] = mapped_column(Text)
    searched: Mapped[str | None] = mapped_column(Text)


class ErasedIdRow(Base):
    """One raw id whose person was erased, as a salted digest; ``mark`` is 64 bits of another one, quick to compare."""

    __tablename__ = "erased_ids"

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    mark: Mapped[int] = mapped_column(BigInteger)
    erasure: Mapped[int] = mapped_column(BigInteger, index=True)


class ErasedConsentRow(Base):
    """What an erased person had answered: proof without the person."""

    __tablename__ = "erased_consents"

    id: Mapped[int] = mapped_column(ID, primary_key=True, autoincrement=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    channel: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(Text)
    given: Mapped[bool] = mapped_column()
    at_us: Mapped[int] = mapped_column(BigInteger)


def salt_of(session: Session, *, make: bool = False) -> bytes | None:
    """Return what the digests of this workspace are made with, made now where there is none and it is needed."""
    row = session.get(Setting, _SALT)
    if row is None and make:
        row = Setting(key=_SALT, value=msgspec.json.encode(secrets.token_hex(32)).decode())
        session.add(row)
        session.flush()
    return None if row is None else bytes.fromhex(msgspec.json.decode(row.value, type=str))


def digest_key(workspace: Workspace) -> bytes:
    """Return what the digests of a workspace are made with, made now where there is none."""
    with workspace.database.session() as session:
        held = salt_of(session)
    if held is not None:
        return held
    with workspace.database.writing() as session:
        lock(session)
        return salt_of(session, make=True) or b""


def digest_of(salt: bytes, id_: str) -> bytes:
    """Return the digest of a raw id: nobody without the workspace's salt can try ids against it."""
    said = id_.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(said, key=salt, digest_size=16).digest()


def marks_of(salt: bytes, ids: pa.Array) -> NDArray[np.uint64]:
    """Return uint64[n]: 64 bits that many ids are quickly compared by; a hit is confirmed by ``digest_of``."""
    texts = ids.cast(pa.large_string())
    before, between = (pa.scalar(text, pa.large_string()) for text in (salt.hex(), ""))
    salted = pc.binary_join_element_wise(before, texts, between)
    return hash64(salted)


def pending(session: Session) -> list[tuple[int, tuple[str, ...]]]:
    """Return the erasures whose batch is not done, by their numbers, with the raw ids that are masked."""
    asked = select(ErasureRow.id, ErasureRow.ids).where(ErasureRow.ids.is_not(None))
    found = session.execute(asked.order_by(ErasureRow.id))
    return [(row.id, tuple(msgspec.json.decode(row.ids or "[]", type=list[str]))) for row in found]


class Answer(Protocol):
    """What a person answered."""

    @property
    def entity(self) -> str:
        """Return whose it is."""
        ...


def keep_proof(session: Session, answers: Sequence[Answer], *, salt: bytes) -> None:
    """Keep of answers that they were given, with a digest in place of the person."""
    names = ("channel", "purpose", "given", "at_us")
    kept = [
        {"digest": digest_of(salt, one.entity), **{name: getattr(one, name) for name in names}}
        for one in answers
    ]
    if kept:
        session.execute(insert(ErasedConsentRow), kept)


def add_places(row: ErasureRow, places: Sequence[Place]) -> None:
    """Say of more places what became of them; the same place again counts together."""
    held = {(one.place, one.what): one for one in msgspec.json.decode(row.told, type=list[Place])}
    for one in places:
        before = held.get((one.place, one.what))
        rows = one.rows + (before.rows if before else 0)
        if rows:
            held[one.place, one.what] = Place(one.place, one.what, rows, one.at)
    row.told = msgspec.json.encode([asdict(one) for one in held.values()]).decode()


def erasure_of(row: ErasureRow) -> Erasure:
    """Return a row as it crosses the store's door."""
    searched = row.searched and msgspec.json.decode(row.searched, type=Searched)
    return Erasure(
        reference=f"E-{row.id}",
        person=row.person.hex(),
        ids=row.raw_ids,
        because=row.because,
        asked_at=iso(row.asked_us),
        asked_by=row.asked_by,
        state=row.state,  # type: ignore[arg-type]  # written from the four alone
        done_at=None if row.done_us is None else iso(row.done_us),
        places=tuple(msgspec.json.decode(row.told, type=list[Place])),
        remains=tuple(msgspec.json.decode(row.remains, type=list[Remains])),
        searched=searched or None,
    )


def iso(instant_us: int) -> str:
    """Return an instant as text."""
    made = datetime.fromtimestamp(instant_us / 1_000_000, UTC)
    return made.isoformat(timespec="seconds").replace("+00:00", "Z")

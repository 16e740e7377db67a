"""Which entities are declared beside people: one setting of the workspace each."""

from __future__ import annotations

import msgspec
from sqlalchemy import select

from pathworth.base.errors import UnknownName
from pathworth.store.entities.contracts import Declared
from pathworth.store.records.database import Database, Setting, lock

_PREFIX = "entity "


def declared_entities(database: Database) -> tuple[Declared, ...]:
    """Return every declared entity by name."""
    with database.session() as session:
        asked = select(Setting).where(Setting.key.startswith(_PREFIX)).order_by(Setting.key)
        return tuple(
            msgspec.json.decode(row.value, type=Declared) for row in session.scalars(asked)
        )


def declared_entity(database: Database, name: str) -> Declared | None:
    """Return a declared entity; null where none has this name."""
    with database.session() as session:
        row = session.get(Setting, _PREFIX + name)
        return None if row is None else msgspec.json.decode(row.value, type=Declared)


def declare_entity(database: Database, declared: Declared) -> None:
    """Keep a declaration."""
    with database.session() as session:
        lock(session)
        value = msgspec.json.encode(declared).decode()
        session.merge(Setting(key=_PREFIX + declared.name, value=value))


def forget_entity(database: Database, name: str) -> None:
    """Take a declaration back.

    Raises
    ------
    UnknownName
        ``UNKNOWN_ENTITY`` with near names.
    """
    known = [one.name for one in declared_entities(database)]
    if name not in known:
        raise UnknownName.near("entity", name, known)
    with database.session() as session:
        session.delete(session.get_one(Setting, _PREFIX + name))

"""A database on a PostgreSQL server: how it is reached, and what must be so of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, OperationalError

from pathworth.base.errors import BadInput, StoreTrouble

_ORDERS = {"C", "POSIX", "C.UTF-8", "C.utf8", "ucs_basic"}
_MIGRATING = 7_310_871
"""Number of the lock that whoever brings tables up to date holds."""


def server_engine(address: str) -> Engine:
    """Return what speaks to a server; nothing is asked of it yet.

    Raises
    ------
    StoreTrouble
        ``POSTGRES_MISSING``.
    """
    try:
        # As many as a server has threads, and a few for jobs.
        engine = create_engine(address, pool_size=5, max_overflow=55, pool_pre_ping=True)
    except ModuleNotFoundError as trouble:
        raise StoreTrouble(
            "POSTGRES_MISSING",
            "What speaks to PostgreSQL is not installed.",
            "Install it: pip install 'pathworth[postgres]'",
        ) from trouble
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    """Let texts with a character in them that PostgreSQL cannot keep be kept with a mark in its place."""
    from psycopg.types.string import StrBinaryDumper, StrDumper

    class Plain(StrDumper):  # type: ignore[misc]  # the library may be missing
        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace("\0", "\ufffd"))

    class Binary(StrBinaryDumper):  # type: ignore[misc]
        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace("\0", "\ufffd"))

    for dumper in (Binary, Plain):
        connection.adapters.register_dumper(str, dumper)


@contextmanager
def reached(engine: Engine) -> Iterator[None]:
    """Say in words when a server is not there.

    Raises
    ------
    StoreTrouble
        ``DATABASE_UNREACHABLE``; every other error passes unchanged.
    """
    try:
        yield
    except OperationalError as trouble:
        if not _is_away(trouble):
            raise
        where = engine.url.set(password=None).render_as_string()
        raise StoreTrouble(
            "DATABASE_UNREACHABLE",
            f"The database at {where} does not answer.",
            "Start it, or look at the address in settings.json; what was acknowledged is safe in it.",
        ) from trouble


def _is_away(trouble: DBAPIError) -> bool:
    # A server that answers says what is wrong by a code; 57P and 08 are shutting down and lost connections.
    code = getattr(trouble.orig, "sqlstate", None)
    return code is None or code[:2] in {"08", "57"}


def check_server(engine: Engine) -> None:
    """Refuse a database whose texts have another order than the embedded one's, or that is a workspace's already.

    Raises
    ------
    BadInput
        ``DATABASE_ORDER``, ``DATABASE_NOT_EMPTY``.
    StoreTrouble
        ``DATABASE_UNREACHABLE``.
    """
    asked = "select datcollate, pg_encoding_to_char(encoding) from pg_database where datname = current_database()"
    with reached(engine), engine.connect() as connection:
        order, encoding = connection.execute(text(asked)).one()
        taken = connection.execute(text("select to_regclass('settings') is not null")).scalar()
    name = engine.url.database
    if order not in _ORDERS or encoding != "UTF8":
        raise BadInput(
            "DATABASE_ORDER",
            f"The database {name} keeps texts as {encoding} in the order of {order}.",
            f"Make one with: createdb --template template0 --locale C --encoding UTF8 {name}",
        )
    if taken:
        raise BadInput(
            "DATABASE_NOT_EMPTY",
            f"The database {name} holds a workspace, or something else called settings.",
            "Make another database for this workspace.",
        )


def wait_to_migrate(connection: Any) -> None:
    """Wait until no other process brings the tables up to date; held until the transaction ends."""
    connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATING})

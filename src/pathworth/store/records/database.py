"""The operational database: what people declare and what imports did, in SQLite, or on a PostgreSQL server."""

from __future__ import annotations

import sqlite3
import threading
import time
import weakref
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path

from sqlalchemy import BigInteger, Engine, ForeignKey, Text, create_engine, inspect, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import NullPool

from pathworth.base.errors import StoreTrouble
from pathworth.base.texts import bad_text
from pathworth.store.files import disk_trouble
from pathworth.store.records.embedded.connecting import connect, keeping
from pathworth.store.records.embedded.writing_back import WritingBack
from pathworth.store.records.server.address import SETTINGS, address_of
from pathworth.store.records.server.copying import copy_rows
from pathworth.store.records.server.postgres import reached, server_engine, wait_to_migrate

HEAD = "0017"
"""The newest migration; a test keeps it equal to what Alembic finds."""


FILE = "workspace.db"
_SURE_NS = 200_000_000
"""A file changed a shorter while ago may change again without a sign of it: clocks of files are coarse."""
Stamp = tuple[tuple[int, int], ...]
_writers: dict[str, threading.Lock] = defaultdict(threading.Lock)


class Base(DeclarativeBase):
    """All tables."""


class Setting(Base):
    """One setting of the workspace, as JSON."""

    __tablename__ = "settings"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class ImportRow(Base):
    """One import that was committed, and what became of its rows."""

    __tablename__ = "imports"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(Text, server_default="events")
    source: Mapped[str] = mapped_column(Text)
    committed_at: Mapped[str] = mapped_column(Text)
    accepted: Mapped[int] = mapped_column(BigInteger)
    rejected: Mapped[int] = mapped_column(BigInteger)
    duplicates: Mapped[int] = mapped_column(BigInteger)
    conflicting: Mapped[int] = mapped_column(BigInteger)
    entities: Mapped[int] = mapped_column(BigInteger)
    events: Mapped[int] = mapped_column(BigInteger)
    from_us: Mapped[int] = mapped_column(BigInteger)
    to_us: Mapped[int] = mapped_column(BigInteger)
    author: Mapped[str | None] = mapped_column(Text)
    shadowed: Mapped[int] = mapped_column(BigInteger, server_default="0")
    last_seq: Mapped[int] = mapped_column(BigInteger, server_default="0")
    shape: Mapped[str | None] = mapped_column(Text)
    undo_id: Mapped[int | None] = mapped_column(BigInteger)
    undone_at: Mapped[str | None] = mapped_column(Text)
    undone_by: Mapped[str | None] = mapped_column(Text)


class ImportFileRow(Base):
    """One file of an import, known again by the hash of its bytes."""

    __tablename__ = "import_files"

    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Text, index=True)
    bytes: Mapped[int] = mapped_column(BigInteger)
    rows: Mapped[int] = mapped_column(BigInteger)
    rejected: Mapped[int] = mapped_column(BigInteger)
    skipped: Mapped[int] = mapped_column(server_default="0")


class SnapshotRow(Base):
    """One snapshot of the shards, and the import that it was made for."""

    __tablename__ = "snapshots"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"))
    seq: Mapped[int] = mapped_column(BigInteger)
    events: Mapped[int] = mapped_column(BigInteger)


class MapRow(Base):
    """One map by its name."""

    __tablename__ = "maps"

    name: Mapped[str] = mapped_column(Text, primary_key=True)


class MapRevisionRow(Base):
    """One revision of a map; revisions are never changed."""

    __tablename__ = "map_revisions"

    map: Mapped[str] = mapped_column(ForeignKey("maps.name"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    created_at: Mapped[str] = mapped_column(Text)


class Database:
    """The operational database of one workspace.

    Parameters
    ----------
    folder
        The workspace's folder, in which the embedded database lies.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        address = address_of(folder)
        self.embedded = address is None
        # No connection is kept: a workspace that nobody uses has no files of SQLite's beside its own.
        self.engine = (
            create_engine("sqlite://", creator=self._connect, poolclass=NullPool)
            if address is None
            else server_engine(address)
        )
        if not self.embedded:
            # Connections are kept; whoever lets go of the database lets go of them.
            weakref.finalize(self, self.engine.dispose)

    def migrate(self) -> None:
        """Bring the tables up to what this version of the code needs."""
        if self.revision() != HEAD:
            with self._troubles():
                _upgrade(self.engine)

    @contextmanager
    def held_open(self) -> Iterator[None]:
        """Keep the database open meanwhile: whoever closes it last writes the whole log back, commit after commit.

        Connections are kept too: to open one takes longer than most of what is asked of it.
        """
        if not self.embedded:
            yield
            return
        connection = self._connect()
        try:
            # Opened is only what was read once.
            connection.execute("select count(*) from sqlite_master").fetchone()
            back = WritingBack(self._connect, lambda: _writers[str(self.path.resolve())])
            before, self.engine = self.engine, keeping(self._connect)
            try:
                yield
            finally:
                kept, self.engine = self.engine, before
                kept.dispose()
                back.stop()
        finally:
            connection.close()

    @contextmanager
    def pinned(self) -> Iterator[Callable[[Path], None]]:
        """Hold on to what is committed now; what is given copies that into a file, whatever is written meanwhile."""
        if not self.embedded:
            with self._pinned_on_server() as copy_all:
                yield copy_all
            return
        connection = self._connect()
        connection.isolation_level = None

        def copy(file: Path) -> None:
            target = sqlite3.connect(file)
            try:
                connection.backup(target)
            finally:
                target.close()

        try:
            connection.execute("begin")
            # It begins with the first that is read.
            connection.execute("select count(*) from sqlite_master").fetchone()
            yield copy
        finally:
            connection.close()

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Return a session that commits at its end and rolls back on an error."""
        with (
            self._troubles(),
            Session(self.engine) as session,
            session.begin(),
        ):
            yield session

    def shred(self) -> None:
        """Write the file of the database anew, so that none of its pages holds what was deleted; others go on reading.

        Raises
        ------
        StoreTrouble
            ``DATABASE_BUSY`` when others read for so long that its log cannot be emptied.
        """
        if not self.embedded:
            return
        with self._troubles(), closing(self._connect()) as connection:
            connection.isolation_level = None
            try:
                connection.execute("pragma secure_delete=on")
                connection.execute("vacuum")
                busy = connection.execute("pragma wal_checkpoint(truncate)").fetchone()[0]
            except sqlite3.OperationalError as trouble:
                if "locked" not in str(trouble):
                    raise
                busy = 1
        if busy:
            raise StoreTrouble(
                "DATABASE_BUSY",
                "Others read the database for so long that it could not be written anew.",
                "It is tried again with the next batch: pathworth erasures --run",
            )

    def prove(self) -> None:
        """Read and write the database, with nothing changed by it; raises when that cannot be done."""
        with self.writing() as session:
            lock(session)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Return a session for what is written often, of which this process has one at a time.

        Here whoever came first goes on first; SQLite lets those who find it busy sleep, each time longer.
        """
        with _writers[str(self.path.resolve())], self.session() as session:
            yield session

    def stamp(self) -> Stamp | None:
        """Return what tells that the database is as it was; null when it changed just now."""
        if not self.embedded:
            # Asking a server whether something changed takes as long as asking it for what is there.
            return None
        found, now = [], time.time_ns()
        for file in (self.path, self.path.with_name(f"{FILE}-wal")):
            try:
                held = file.stat()
            except FileNotFoundError:
                continue
            if now - held.st_mtime_ns < _SURE_NS:
                return None
            found.append((held.st_mtime_ns, held.st_size))
        return tuple(found)

    @contextmanager
    def _troubles(self) -> Iterator[None]:
        """Say in words what may be wrong with whatever holds the database."""
        with (
            disk_trouble(self.path.parent),
            nullcontext() if self.embedded else reached(self.engine),
        ):
            try:
                yield
            except UnicodeEncodeError:
                # No driver takes half a character; whoever wrote it can write it again.
                raise bad_text() from None

    @contextmanager
    def _pinned_on_server(self) -> Iterator[Callable[[Path], None]]:
        with self.engine.connect() as plain:
            connection = plain.execution_options(isolation_level="REPEATABLE READ")

            def copy(file: Path) -> None:
                target = Database(file.parent)
                target.migrate()
                with target.engine.begin() as into:
                    copy_rows(connection, into, tables=Base.metadata)

            with connection.begin():
                # It begins with the first that is read.
                connection.execute(text("select 1"))
                yield copy

    def _connect(self) -> sqlite3.Connection:
        return connect(self.path)

    def revision(self) -> str | None:
        """Return of which version the tables are; null while there are none."""
        with self._troubles(), self.engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            return connection.execute(text("select version_num from alembic_version")).scalar()


def is_workspace(folder: Path) -> bool:
    """Return whether a folder is one: its database lies in it, or it says where that is."""
    return (folder / FILE).is_file() or (folder / SETTINGS).is_file()


def lock(session: Session) -> None:
    """Become the one writer of the database before anything is read, so that what is read stays true."""
    session.execute(text("update settings set value = value where key = 'timezone'"))


def _upgrade(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations"))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            wait_to_migrate(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

"""One turn of a pull: what is new over there comes as files that are imported, and behind each its place is noted."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pathworth.base.errors import BadInput
from pathworth.collect.contracts import FileMapping
from pathworth.collect.importing import import_files
from pathworth.collect.pulling.asking import Asker
from pathworth.collect.pulling.contracts import Connector
from pathworth.collect.pulling.pages import Pages
from pathworth.collect.pulling.proving import proved
from pathworth.collect.pulling.secrets import check_secret, secret_at
from pathworth.collect.pulling.settings import OF_TABLES, SAID, TOKEN, address_of
from pathworth.collect.pulling.standing import Span, Standing, instant, moment, spans_of
from pathworth.collect.pulling.warehouse import fetch_table
from pathworth.store import PullRecord, Workspace

PORTION = 32 << 20
"""So many bytes of pages are imported at once."""
MOST = 4 << 30
FOLDER = "pulls"
_OLD_S = 86_400.0
_ENDINGS = {"json": ".json", "lines": ".jsonl", "zip": ".zip", "table": ".parquet"}
Note = Callable[[str], None]


@dataclass(frozen=True)
class Pull:
    """What is pulled: how, by what a person said, where it stands, and who says so."""

    connector: Connector
    record: PullRecord


@dataclass
class Pulled:
    """What a turn brought: imports, rows new, there already and not to be read; and how many requests it took."""

    imports: int = 0
    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    requests: int = 0


def pull(
    workspace: Workspace,
    one: Pull,
    *,
    note: Note,
    now: datetime | None = None,
    wait: Callable[[float], None] = time.sleep,
) -> Pulled:
    """Ask for what is new, import it, and note how far that is; cut short anywhere it is asked for again.

    Parameters
    ----------
    one
        What is pulled.
    note
        Keeps how far it is, once what came is imported.
    now, wait
        The time, and what waits some seconds.

    Raises
    ------
    Refused
        Those of the API, ``NO_SECRET``, and those of the import; what was noted stays.
    Later
        When the API wants to be left alone for long.
    """
    connector, said = one.connector, one.record.settings
    secret = ""
    if connector.auth != "none":
        secret = secret_at(one.record.secret, workspace=workspace.path)
    at, table = now or datetime.now(UTC), connector.answer == "table"
    token = said.get(TOKEN, connector.token)
    headers = {} if table else proved(connector, secret, token=token, wait=wait)
    asker = Asker(address_of(connector, said), connector.empty, wait)
    turn = _Turn(workspace, one, Pages(connector, said, asker=asker, headers=headers), note, at)
    with spool(workspace) as folder:
        if table:
            turn.take_table(secret, folder)
            return turn.pulled
        for span in spans_of(connector.since, turn.standing, now=at):
            if connector.answer == "json":
                turn.take_pages(span, folder)
            else:
                turn.take_file(span, folder)
    return turn.pulled


@contextmanager
def asked_file(workspace: Workspace, place: str, *, query: str) -> Iterator[Path]:
    """Give a file with what a warehouse answers, gone at the end.

    Parameters
    ----------
    place
        Where its address is: ``env:NAME``, ``file:PATH``, or itself where it holds no password.
    query
        What is asked.

    Raises
    ------
    BadInput
        ``BAD_SECRET_PLACE``, ``BAD_WAREHOUSE``, ``EMPTY_FILE``.
    Refused
        ``NO_SECRET``, ``WAREHOUSE_REFUSED``.
    """
    bare = "://" in place and urlsplit(place).password is None
    address = place if bare else secret_at(check_secret(place))
    with spool(workspace) as folder:
        path = folder / "warehouse.parquet"
        if not fetch_table(address, query, into=path).rows:
            raise BadInput(
                "EMPTY_FILE", "The query gives no rows.", "Ask the warehouse itself why."
            )
        yield path


class _Turn:
    """Takes span after span."""

    def __init__(
        self, workspace: Workspace, one: Pull, pages: Pages, note: Note, at: datetime
    ) -> None:
        self.workspace, self.one, self.pages, self.note, self.at = workspace, one, pages, note, at
        self.standing, self.pulled = Standing.of(one.record.cursor), Pulled()

    def take_pages(self, span: Span, folder: Path) -> None:
        """Take a span page by page; what came is imported whenever enough of it is there."""
        standing = self.standing
        page = standing.page
        newest, kept = moment(standing.newest), ""
        path = self._path(span, folder)
        records = 0
        while True:
            found = self.pages.page(span, page)
            self.pulled.requests += 1
            records += found.records
            with path.open("a", encoding="utf-8") as out:
                out.write(found.text + "\n")
            newest = max((one for one in (newest, found.newest) if one), default=None)
            page, kept = found.next, found.kept
            if page and path.stat().st_size < PORTION:
                continue
            self._bring_in(path, span, records=records)
            records = 0
            if not page:
                break
            self._move(Standing(_text(span.since), _text(span.until), page, _text(newest)))
        self._move(self._ended(span, newest=newest, kept=kept))

    def take_file(self, span: Span, folder: Path) -> None:
        """Take a span that comes as one file."""
        path = self._path(span, folder)
        with path.open("wb") as into:
            size = self.pages.asker.ask(self.pages.request(span, ""), into, most=MOST)
        self.pulled.requests += 1
        self._bring_in(path, span, records=size)
        self._move(self._ended(span, newest=None, kept=""))

    def take_table(self, address: str, folder: Path) -> None:
        """Take the rows of a database that came since."""
        said, span = self.one.record.settings, Span(None, None)
        path = self._path(span, folder)
        found = fetch_table(
            address,
            said["query"],
            into=path,
            column=said.get("cursor") or None,
            after=self.standing.page,
        )
        self.pulled.requests += 1
        if found.rows:
            self._bring_in(path, span, records=found.rows)
        if found.newest:
            self._move(Standing(page=found.newest))

    def _ended(self, span: Span, *, newest: datetime | None, kept: str) -> Standing:
        """Return from where the next turn goes on."""
        if kept:
            return Standing(since=_text(span.since), page=kept)
        if span.until is not None:
            # What is asked for again was pulled already, and is no step back.
            return Standing(since=max(_text(span.until), self.one_since))
        since = self.one.connector.since
        if since is None or span.since is None:
            return Standing()
        reached = newest or (span.since if since.field else self.at)
        return Standing(since=max(_text(reached), self.one_since))

    @property
    def one_since(self) -> str:
        """Return from where on this turn went on."""
        return Standing.of(self.one.record.cursor).since

    def _bring_in(self, path: Path, span: Span, *, records: int) -> None:
        if records:
            done = import_files(
                self.workspace,
                [path],
                mapping=self._mapping(span),
                author=self.one.record.author or None,
            )
            self.pulled.imports += 1
            self.pulled.accepted += done.accepted
            self.pulled.duplicates += done.duplicates
            self.pulled.rejected += done.rejected
        path.unlink()

    def _mapping(self, span: Span) -> FileMapping:
        """Return what is known of the file: its format, what a person said, and its day where only the span says it."""
        connector, settings = self.one.connector, self.one.record.settings
        names = (*SAID, *OF_TABLES) if connector.answer == "table" else SAID
        said: dict[str, Any] = {name: settings[name] for name in names if settings.get(name)}
        if connector.dated and span.since is not None:
            said["time"] = f"={span.since:%Y-%m-%d}"
        return FileMapping(**{"format": connector.format, **said})

    def _move(self, standing: Standing) -> None:
        self.standing = standing
        self.note(standing.text())

    def _path(self, span: Span, folder: Path) -> Path:
        begun = f"-{span.since:%Y%m%dT%H%M%S}" if span.since else ""
        ending = _ENDINGS[self.one.connector.answer]
        return folder / f"{self.one.record.name}{begun}{ending}"


@contextmanager
def spool(workspace: Workspace) -> Iterator[Path]:
    """Give a folder aside in the workspace, gone at the end; what a cut turn left goes after a day."""
    place = workspace.path / FOLDER
    place.mkdir(exist_ok=True)
    for one in place.iterdir():
        if time.time() - one.stat().st_mtime > _OLD_S:
            shutil.rmtree(one, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=place) as own:
        yield Path(own)


def _text(at: datetime | None) -> str:
    return "" if at is None else instant(at)

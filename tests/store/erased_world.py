"""A small shop with one person in every corner of it, or without that person, and what it says."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import insert
from tests.store.handing_in import read
from tests.store.made import Row, batch, drawn, journeys, put

from pathworth.base.segments import SegmentRevision
from pathworth.store import (
    Consent,
    Consents,
    Exclusions,
    HandedIn,
    Inbox,
    InputFile,
    Links,
    PersonStates,
    Rest,
    SaidLink,
    Segments,
    StateRow,
    Turn,
    Workspace,
)
from pathworth.store.records.ledger_rows import LedgerRow

WHO, COOKIE, MAIL = "erin-4711", "cookie-of-erin", "erin.gone@example.nl"
WORDS = (WHO, COOKIE, MAIL)


def rows_of_person(k: int) -> list[Row]:
    return [
        {"entity": WHO, "name": "only erin", "time_us": 5_000_000 + k, "note": MAIL, "plan": "pro"},
        {"entity": COOKIE, "name": "event 1", "time_us": 6_000_000 + k, "ref": f"says {MAIL}"},
    ]


def lines(person: bool, k: int) -> bytes:
    others = [f"p{n} click {k * 100 + n} m{k}-{n}" for n in range(4)]
    own = [f"{WHO} click {k * 100 + 50} e{k} mail={MAIL}"] if person else []
    return "\n".join([*own, *others, "short"]).encode()


def build(folder: Path, *, person: bool, database: str | None = None) -> Workspace:
    """Imports, one of which shadows rows of the other; events handed in; and rows of every table."""
    made = Workspace.create(folder, database=database)
    own = [rows_of_person(k) if person else [] for k in range(2)]
    put(made, [*drawn(60, 1), *own[0]])
    # The same ids under another file: its rows are kept aside.
    files = [InputFile("again.csv", "f" * 64, 9)]
    with made.begin_import(files=files) as transaction:
        transaction.add(batch([*drawn(60, 1)[:20], *own[0], *drawn(30, 2), *own[1]]))
        if person:
            bad = {"file": [0], "row": [99], "code": ["BAD_TIME"], "reason": [f"{WHO}?"]}
            raw = pa.record_batch({**bad, "raw": [f"{WHO},now,{MAIL}"]})
            transaction.reject(raw)
        transaction.commit()
    inbox = Inbox(made)
    for k in range(3):
        inbox.append(HandedIn(lines(person, k)))
        inbox.number(read)
        if k == 0:
            inbox.drain()
    _beside(made, person=person)
    return made


def _beside(made: Workspace, *, person: bool) -> None:
    Links(made).say([SaidLink("p1", "p2", 1, "login")])
    Consents(made).add([Consent("p1", "email", "news", given=True, at_us=1, proof="form")])
    if not person:
        return
    Links(made).say(
        [SaidLink(COOKIE, WHO, 2, "login"), SaidLink("kiosk", WHO, 2, "guess", sure=0.5)]
    )
    Consents(made).add([Consent(WHO, "email", "news", given=True, at_us=2, proof=f"by {MAIL}")])
    Consents(made).rest(Rest(COOKIE, None, "asked", 3))
    state = StateRow(WHO, None, 9, f'{{"mail": "{MAIL}"}}'.encode())
    PersonStates(made).turn([WHO], lambda _: Turn((state,)))
    Segments(made).save("vip", SegmentRevision(0, f"person = '{WHO}'", "ann", 1))
    Exclusions(made).save("staff", ids=[WHO, "nobody-else"], author="ann")
    Exclusions(made).switch("staff", active=False)
    Inbox(made).append(HandedIn(f"{WHO}".encode()))
    Inbox(made).number(read)
    with made.database.session() as session:
        session.execute(insert(LedgerRow), [ledger_row()])


def ledger_row() -> dict:
    texts = {"key": "k1", "program": "hello", "entity": WHO, "unit": WHO, "arm": "treated"}
    numbers = {"revision": 1, "trigger_seq": 1, "trigger_us": 1, "decided_us": 1, "attempts": 1}
    said = {"action": "send", "reasons": "[]", "channel": "email", "address": MAIL}
    more = {"state": "delivered", "answer": f"250 {MAIL}", "purpose": "news", "facts": "{}"}
    return {**texts, **numbers, **said, **more, "not_before_us": 0, "left": False}


def told(workspace: Workspace) -> tuple:
    """Everything that the journeys say, numbers of events apart."""
    snapshot = workspace.whole_snapshot(at_once=True)
    held = {
        entity: [(time, name, _said(said)) for time, _, name, said in rows[:-1]] + [_said(rows[-1])]
        for entity, rows in journeys(snapshot).items()
    }
    return held, snapshot.events, snapshot.entities, snapshot.first_us, snapshot.last_us


def _said(held: dict) -> dict:
    return {name: value for name, value in held.items() if value is not None}


def found_in(folder: Path, words: tuple[str, ...] = WORDS) -> Iterator[str]:
    """Where a naive search of all bytes, columns decoded, finds the person (or other words) again."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        if path.suffix == ".parquet":
            data += repr(pq.read_table(path).to_pydict()).encode()
        if path.suffix == ".arrow":
            data += repr(pa.ipc.open_file(data).read_all().to_pydict()).encode()
        if path.name == "workspace.db":
            for table in ("arrived_blocks", "arrived_last"):
                for (body,) in sqlite3.connect(path).execute(f"select body from {table}"):
                    data += repr(pa.ipc.open_stream(body).read_all().to_pydict()).encode()
        yield from (
            f"{path.relative_to(folder)}: {word}" for word in words if word.encode() in data
        )

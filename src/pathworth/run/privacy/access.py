"""Everything that is known of one person, as a file that can be handed to them."""

from __future__ import annotations

import csv
import io
import json
import time
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from pathworth import act, store
from pathworth.base.errors import BadInput, UnknownName
from pathworth.base.instants import to_iso
from pathworth.base.money import from_micro
from pathworth.run.intake.links import links_of
from pathworth.run.workspace import Workspace
from pathworth.store import SaidEvent

_PLAIN = ("time", "name", "id", "source", "message_id", "value", "cost", "currency", "import")
_README = """Everything that is known of one person

Made at {now} from the workspace of {first} of the person's ids; {count} ids are known.

events.json     {events} events in the order in which they happened: when, what, under which id it was said, from which
                source, in which import it came, money, and everything else that was said.
events.csv      The same as a table.
ids.json        The ids, and every word that two of them are one person: who said so, when, how sure it is.
traits.json     What was said last of each property.
accounts.json   What is known of the accounts that the events name, which may be those of others too.
consents.json   Every answer to a purpose on a channel, with the proof that was kept, and whether the person rests.
decisions.json  Every decision of a program, sent or not, with its reasons in words, the address and what came back.
imports.json    The files and days from which the events came.

Times are ISO 8601 in UTC. Money is in units of its currency. Nobody else's events are in here.
"""


@dataclass(frozen=True)
class Accessed:
    """What was written: ids, events, consents and decisions of the person."""

    ids: int
    events: int
    consents: int
    decisions: int


@dataclass(frozen=True)
class _Known:
    """All that is known of one person."""

    ids: tuple[str, ...]
    events: tuple[SaidEvent, ...]
    links: tuple[Any, ...]
    accounts: dict[str, list[dict[str, Any]]]
    consents: tuple[store.Consent, ...]
    rest: store.Rest | None
    decisions: tuple[dict[str, Any], ...]
    imports: tuple[dict[str, Any], ...]


def access(workspace: Workspace, person: str, *, out: str | Path | BinaryIO) -> Accessed:
    """Write everything that is known of a person into a ZIP file.

    Parameters
    ----------
    person
        Any raw id of that person.
    out
        A file that is not there yet, or an open one.

    Raises
    ------
    UnknownName
        ``UNKNOWN_PERSON``.
    BadInput
        ``FILE_EXISTS``, ``NO_FOLDER``.
    """
    known = _known(workspace, person)
    if isinstance(out, str | Path):
        with _new(Path(out)) as file:
            _write(known, file, now=to_iso(_now()))
    else:
        _write(known, out, now=to_iso(_now()))
    return Accessed(len(known.ids), len(known.events), len(known.consents), len(known.decisions))


def _known(workspace: Workspace, person: str) -> _Known:
    held = workspace.store.whole_snapshot(at_once=True)
    ids = held.ids_of(person)
    consents = store.Consents(workspace.store)
    events = store.said_under(workspace.store, ids)
    known = _Known(
        ids=ids,
        events=events,
        links=links_of(workspace, ids),
        accounts=_accounts(workspace, events),
        consents=consents.of(person),
        rest=consents.rest_of(person),
        decisions=tuple(_decisions(workspace, ids)),
        imports=tuple(_imports(workspace, events)),
    )
    if not any((known.events, known.links, known.consents, known.rest, known.decisions)):
        raise UnknownName(
            "UNKNOWN_PERSON",
            f"Nothing is known of {person!r}.",
            "Look for the person's id on the page People.",
        )
    return known


def _decisions(workspace: Workspace, ids: Sequence[str]) -> Iterable[dict[str, Any]]:
    ledger = store.Ledger(workspace.store)
    programs = {one.program.id: one.program for one in act.programs(workspace.store)}
    for row in (row for id_ in ids for row in ledger.rows(entity=id_)):
        words: tuple[str, ...] = row.reasons
        if (program := programs.get(row.program)) is not None:
            told = act.explain(workspace.store, row, program=program)
            words = (told.sentence, *told.others)
        yield {
            "id": row.entity,
            "program": row.program,
            "revision": row.revision,
            "decided": to_iso(row.decided_us),
            "action": row.action,
            "why": words,
            "channel": row.channel,
            "address": row.address,
            "state": row.state,
            "settled": None if row.settled_us is None else to_iso(row.settled_us),
            "answer": row.answer,
            "said": json.loads(ledger.facts(row.id)),
        }


def _accounts(workspace: Workspace, events: Sequence[SaidEvent]) -> dict[str, list[dict[str, Any]]]:
    """Return what is known of the accounts that some events name."""
    facts = store.AccountFacts(workspace.store)
    named = {said for one in events if (said := dict(one.properties).get("account_id"))}
    return {
        account: [
            {
                "name": one.name,
                "value": one.value,
                "kind": one.kind,
                "at": to_iso(one.at_us),
                "source": one.source,
            }
            for one in facts.of(account)
        ]
        for account in sorted(named)
    }


def _imports(workspace: Workspace, events: Sequence[SaidEvent]) -> Iterable[dict[str, Any]]:
    counts: dict[int | None, int] = {}
    for one in events:
        counts[one.import_id] = counts.get(one.import_id, 0) + 1
    for record in workspace.store.imports():
        number = record.result.import_id
        if number in counts:
            yield {
                "import": number,
                "source": record.source,
                "at": record.committed_at,
                "by": record.author,
                "files": [file.path for file in record.files],
                "events": counts[number],
            }


def _write(known: _Known, out: BinaryIO, *, now: str) -> None:
    rows = [_row(one) for one in known.events]
    traits = {name: text for one in known.events for name, text in one.properties.items()}
    consents = {
        "answers": [{**asdict(one), "at": to_iso(one.at_us)} for one in known.consents],
        "rest": None if known.rest is None else asdict(known.rest),
    }
    readme = _README.format(
        now=now, first=known.ids[0], count=len(known.ids), events=len(known.events)
    )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("README.txt", readme)
        made.writestr("events.csv", _sheet(rows))
        for name, said in {
            "events": rows,
            "ids": {"ids": known.ids, "links": [asdict(one) for one in known.links]},
            "traits": traits,
            "accounts": known.accounts,
            "consents": consents,
            "decisions": known.decisions,
            "imports": known.imports,
        }.items():
            text = json.dumps(said, ensure_ascii=False, indent=1, default=str)
            made.writestr(f"{name}.json", text)


def _row(one: SaidEvent) -> dict[str, Any]:
    money = {name: getattr(one, name) for name in ("value", "cost")}
    return {
        "time": to_iso(one.time_us),
        "name": one.name,
        "id": one.entity,
        "source": one.source,
        "message_id": one.message_id,
        **{name: None if micro is None else from_micro(micro) for name, micro in money.items()},
        "currency": one.currency,
        "import": one.import_id,
        "said": dict(one.properties),
    }


def _sheet(rows: Sequence[dict[str, Any]]) -> str:
    names = sorted({name for row in rows for name in row["said"]})
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow([*_PLAIN, *names])
    for row in rows:
        cells = [*(row[name] for name in _PLAIN), *(row["said"].get(name) for name in names)]
        out.writerow([_plain(cell) for cell in cells])
    return text.getvalue()


def _plain(cell: object) -> object:
    # A spreadsheet would run a cell that begins like a formula.
    runs = isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@", "\t", "\r"}
    return f"'{cell}" if runs else cell


def _new(path: Path) -> BinaryIO:
    try:
        return path.open("xb")
    except FileExistsError as error:
        raise BadInput(
            "FILE_EXISTS", f"{path} is there already.", "Name a file that is not there yet."
        ) from error
    except OSError as error:
        raise BadInput(
            "NO_FOLDER", f"{path} cannot be written.", "Name a file in a folder that is there."
        ) from error


def _now() -> int:
    return time.time_ns() // 1000

"""Programs are saved, started and stopped; what runs is read once and kept while nothing changes."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from pathworth.act.contracts import Program, ProgramFinding
from pathworth.act.document import dump_program, load_program
from pathworth.act.needs import needed
from pathworth.act.rules import check_program
from pathworth.act.watching.asking import Asking
from pathworth.act.watching.watch import Running, Watch
from pathworth.atlas import MapDocument, load_map
from pathworth.base.errors import Refused
from pathworth.journeys import Kinds
from pathworth.store import DocumentRecord, Exclusions, Programs, Snapshot, Workspace


@dataclass(frozen=True)
class KeptProgram:
    """A program as it is kept, with its newest document read."""

    program: Program
    record: DocumentRecord


def now() -> int:
    """Return this moment in microseconds since 1970 UTC."""
    return time.time_ns() // 1000


def maps_of(workspace: Workspace) -> dict[str, MapDocument]:
    """Return the newest revision of every map."""
    return {one.name: _map(one.document) for one in workspace.maps()}


def programs(workspace: Workspace) -> tuple[KeptProgram, ...]:
    """Return every program, by id."""
    return tuple(KeptProgram(_read(r.document), r) for r in Programs(workspace).all())


def program(workspace: Workspace, id_: str) -> KeptProgram:
    """Return one program; raises ``UNKNOWN_PROGRAM`` with near names."""
    record = Programs(workspace).get(id_)
    return KeptProgram(_read(record.document), record)


def save_program(workspace: Workspace, document: Program | str, *, author: str = "") -> KeptProgram:
    """Keep a program as its next revision; people who are waiting finish on the revision they entered.

    Parameters
    ----------
    workspace
        The opened workspace.
    document
        A program, or its text.
    author
        Who saves it.

    Raises
    ------
    BadInput
        ``BAD_PROGRAM``, ``BAD_YAML``.
    Refused
        ``HOLDOUT_LOCKED`` when a program that was started changes its holdout: arms would change.
    """
    given = load_program(document) if isinstance(document, str) else document
    _check_id(given)
    kept = Programs(workspace)
    before = next((one for one in kept.all() if one.id == given.id), None)
    if before is not None and before.started_us is not None:
        held = _read(before.document).holdout
        if held != given.holdout:
            raise Refused(
                "HOLDOUT_LOCKED",
                f"{given.name} has held out {held:.0%} since its first start; "
                "another share would move people from one arm to the other.",
                "Save it under another id, or keep the share.",
            )
    kept.save(given.id, dump_program(given), author=author)
    return program(workspace, given.id)


def check(workspace: Workspace, given: Program) -> tuple[ProgramFinding, ...]:
    """Return what is wrong with a program; empty when nothing is."""
    return tuple(check_program(given, maps_of(workspace), snapshot=workspace.snapshot()))


def start_program(workspace: Workspace, id_: str, *, now_us: int | None = None) -> KeptProgram:
    """Let a program run from now on; what happened before gives no occasion.

    Raises
    ------
    Refused
        ``PROGRAM_NOT_READY`` with its first error.
    NotSupported, StoreTrouble
        When a property that it asks about cannot be made a column.
    """
    kept = program(workspace, id_)
    errors = [one for one in check(workspace, kept.program) if one.level == "error"]
    if errors:
        first = errors[0]
        more = f" {len(errors) - 1} more." if len(errors) > 1 else ""
        why = f"{kept.program.name} cannot start: {first.message}{more}"
        raise Refused("PROGRAM_NOT_READY", why, first.hint)
    # Whoever is known from an import alone must be known by what the program asks about before it decides.
    workspace.snapshot(having=needed([kept.program], asking_of(workspace)))
    if kept.record.state != "running":
        Programs(workspace).start(id_, at_us=now() if now_us is None else now_us)
        # Nobody listened until now: what came in this moment is known from the snapshot alone.
        workspace.whole_snapshot(at_once=True)
    return program(workspace, id_)


def stop_program(
    workspace: Workspace, id_: str, *, why: str = "", now_us: int | None = None
) -> KeptProgram:
    """Stop a program: whoever waits gets nothing, and what was decided but did not leave stays here."""
    program(workspace, id_)
    at_us = now() if now_us is None else now_us
    Programs(workspace).stop(id_, at_us=at_us, why=why or "A person stopped it.")
    return program(workspace, id_)


def asking_of(workspace: Workspace) -> Asking:
    """Return what the predicates of programs are read with."""
    snapshot = workspace.snapshot()
    left_out = (one.who for one in Exclusions(workspace).all() if one.active)
    return Asking(
        Kinds.of(snapshot),
        maps_of(workspace),
        snapshot.segments,
        tuple(who for who in left_out if who is not None),
    )


def watch_of(workspace: Workspace) -> Watch:
    """Return the running programs, ready for events: what they ask about is known of the newest snapshot."""
    snapshot, asking = workspace.snapshot(), asking_of(workspace)
    records = [one for one in Programs(workspace).all() if one.state == "running"]
    maps = tuple(asking.maps.items())
    held = _watches.get(str(workspace.path))
    # An event that comes in may bring a property, or a word where numbers stood.
    asked = () if held is None else held[1].properties
    key = (_kinds(snapshot, asked), tuple(records), maps, asking.segments, asking.left_out)
    if held is None or held[0] != key:
        running = [Running(_read(r.document), r.revision, r.started_us or 0) for r in records]
        known = [one for one in running if one.program.map in asking.maps]
        ids = {one.program.id for one in known}
        every = Programs(workspace).documents().items()
        older = [_read(text) for (id_, _), text in every if id_ in ids]
        watch = Watch(known, asking, older=older)
        workspace.snapshot(having=watch.properties)
        held = ((_kinds(snapshot, watch.properties), *key[1:]), watch)
        _watches[str(workspace.path)] = held
    return held[1]


def _kinds(snapshot: Snapshot, asked: Collection[str]) -> tuple[object, ...]:
    """Return the shards, and what their columns hold, of others than the promoted ones those that are asked about."""
    further = [name for name in sorted(asked) if name in snapshot.on_use]
    return (
        snapshot.id,
        *((name, info.kind) for name, info in snapshot.columns.items()),
        *((name, snapshot.on_use[name].kind) for name in further),
    )


def prepare(workspace: Workspace) -> None:
    """Make columns of what the running programs ask about, so that the next event is decided without waiting."""
    watch_of(workspace)


_watches: dict[str, tuple[object, Watch]] = {}
_read = lru_cache(256)(load_program)
_map = lru_cache(64)(load_map)


def _check_id(given: Program) -> None:
    from pathworth.act.rules import bad_id

    for found in bad_id(given):
        raise Refused(found.code, found.message, found.hint)

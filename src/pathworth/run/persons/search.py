"""Finds people by their id, accounts by theirs, and people by the values of their traits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pathworth.base.errors import UnknownName
from pathworth.journeys import AsOf, find
from pathworth.run.persons.contracts import ACCOUNT, AccountRow, Search, TraitRow
from pathworth.run.persons.listed import person_row
from pathworth.run.persons.trail import map_of, steps_of
from pathworth.run.privacy.handles import shown_id
from pathworth.run.workspace import Workspace
from pathworth.store import AccountFacts, Shard, Snapshot

_VALUES = 8
_ENOUGH = 2_000
"""So many people at most are ordered by when they were last here; a longer id narrows the search."""


def search(
    workspace: Workspace, asked: str, *, map_name: str | None = None, limit: int = 20
) -> Search:
    """Find people, accounts and values of traits that hold a text.

    Parameters
    ----------
    asked
        Part of an id, of an account, or of a trait's value; capitals do not matter.
    limit
        How many people and accounts at most: who has exactly this id first, then the latest active.
    """
    snapshot = workspace.store.snapshot()
    as_of = AsOf(snapshot.id, snapshot.seq)
    text = asked.strip()
    if not text:
        return Search(asked, (), (), (), more=False, as_of=as_of)
    document = map_of(workspace, map_name)
    steps = steps_of(document)
    names = () if document is None else tuple(s.name for s in document.steps if s.rule is not None)
    people, more = _people(snapshot, text, limit)
    accounts, others = _accounts(snapshot, text, limit)
    accounts = _with_facts(workspace, accounts, text=text, limit=limit)
    rows = tuple(person_row(snapshot, one, steps=steps, names=names) for one in people)
    traits = tuple(_traits(snapshot, text))
    return Search(asked, rows, accounts, traits, more=more or others, as_of=as_of)


def _people(snapshot: Snapshot, text: str, limit: int) -> tuple[list[tuple[int, int]], bool]:
    """Return (shard, entity) of who has the id, then of those whose id holds the text."""
    exact: list[tuple[int, int]] = []
    try:
        held, entity = find(snapshot, text)
        number = next(k for k, one in enumerate(snapshot.shards) if one is held)
        exact = [(number, entity)] if snapshot.shown(number)[entity] else []
    except UnknownName:
        # Nobody has exactly this id; many may have it as a part.
        pass
    found: list[tuple[int, str, int, int]] = []
    for number, shard in enumerate(snapshot.shards):
        shown = snapshot.shown(number)
        for entity in _holding(shard, text, _ENOUGH - len(found)):
            # Letter by letter an address that is masked would be told by what a search for it finds.
            if not shown[entity] or shown_id(shard.id_of(entity)) != shard.id_of(entity):
                continue
            last = int(shard.time_us[int(shard.offset[entity + 1]) - 1])
            found.append((-last, shard.id_of(entity), number, entity))
    rest = [(k, e) for *_, k, e in sorted(found) if (k, e) not in exact]
    everybody = [*exact, *rest]
    return everybody[:limit], len(everybody) > limit


def _holding(shard: Shard, text: str, most: int) -> Iterator[int]:
    """Yield entities whose id holds a text, in one pass over the bytes of all ids."""
    wanted = text.encode()
    # Looked for ahead and not taken: a find across two ids must not swallow the one that begins in it.
    pattern = re.compile(b"(?=" + re.escape(wanted) + b")", re.IGNORECASE)
    letters, previous = shard.id_offset, -1
    for match in pattern.finditer(shard.id_bytes.data):
        if most <= 0:
            return
        entity = int(np.searchsorted(letters, match.start(), side="right")) - 1
        if entity != previous and match.start() + len(wanted) <= int(letters[entity + 1]):
            previous, most = entity, most - 1
            yield entity


def _accounts(snapshot: Snapshot, text: str, limit: int) -> tuple[tuple[AccountRow, ...], bool]:
    info = snapshot.columns.get(ACCOUNT)
    if info is None or info.kind != "text":
        return (), False
    codes = _matching(info.values, text)
    shown = sorted(codes, key=lambda code: (info.values[code - 1] != text, info.values[code - 1]))
    rows = []
    for code in shown[:limit]:
        owners = 0
        for number, shard in enumerate(snapshot.shards):
            places = np.flatnonzero(shard.columns[ACCOUNT] == code)
            people = np.unique(np.searchsorted(shard.offset, places, side="right")) - 1
            owners += int(np.count_nonzero(snapshot.shown(number)[people]))
        if owners:
            rows.append(AccountRow(info.values[code - 1], owners))
    return tuple(rows), len(codes) > limit


def _with_facts(
    workspace: Workspace, rows: tuple[AccountRow, ...], *, text: str, limit: int
) -> tuple[AccountRow, ...]:
    """Add the accounts that something is known of and that no event names."""
    known = {row.id for row in rows}
    others = AccountFacts(workspace.store).accounts(text, limit=limit)
    return (*rows, *(AccountRow(one, 0) for one in others if one not in known))[:limit]


def _traits(snapshot: Snapshot, text: str) -> Iterator[TraitRow]:
    for name, info in sorted(snapshot.traits.items()):
        if info.kind != "text" or name == ACCOUNT:
            continue
        codes = _matching(info.values, text)
        if not codes:
            continue
        size = len(info.values) + 1
        held = sum(
            (
                np.bincount(shard.traits[name][snapshot.shown(number)], minlength=size)
                for number, shard in enumerate(snapshot.shards)
            ),
            np.zeros(size, np.int64),
        )
        often = sorted((-int(held[code]), info.values[code - 1]) for code in codes if held[code])
        yield from (TraitRow(name, value, -count) for count, value in often[:_VALUES])


def _matching(values: Sequence[str], text: str) -> list[int]:
    """Return the codes, from 1, of the values that hold a text."""
    if not values:
        return []
    hits = pc.match_substring(pa.array(list(values), pa.large_string()), text, ignore_case=True)
    return (np.flatnonzero(hits.to_numpy(zero_copy_only=False)) + 1).tolist()

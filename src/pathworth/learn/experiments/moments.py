"""What units did after their occasion: the events of a snapshot that hold a rule, by unit and time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pathworth.atlas import MapDocument
from pathworth.journeys import Part, Step, event_mask, step_codes, whole
from pathworth.learn.experiments.units import Units
from pathworth.store import Shard, Snapshot

ACCOUNT = "account_id"
"""Property of an event that names the account; without one the person's latest holds."""

Choose = Callable[[Part], NDArray[np.bool_]]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Moments:
    """Events of units, one element each: place of the unit, time, code of the event's name, net money."""

    unit: Whole
    time_us: Whole
    name: Whole
    money_micro: Whole

    def within(self, units: Units, horizon_us: int) -> Moments:
        """Return those after the unit's first occasion and not later than the horizon."""
        after = self.time_us - units.start_us[self.unit]
        kept = (after > 0) & (after <= horizon_us)
        return Moments(self.unit[kept], self.time_us[kept], self.name[kept], self.money_micro[kept])

    def reached(self, units: Units) -> NDArray[np.bool_]:
        """Return bool[units]: who has one."""
        return np.bincount(self.unit, minlength=len(units)) > 0

    def money(self, units: Units) -> Whole:
        """Return int64[units]: net money in micro-units."""
        total = np.zeros(len(units), np.int64)
        np.add.at(total, self.unit, self.money_micro)
        return total


def moments(snapshot: Snapshot, units: Units, *, choose: Choose) -> Moments:
    """Return the chosen events of units, wherever in the snapshot they lie.

    Parameters
    ----------
    snapshot
        Whose events.
    units
        Whose they may be: an event belongs to its account, else to its person, where that is a unit.
    choose
        bool[events of the part] that are wanted.
    """
    found = [
        _of_shard(snapshot, place, units, choose=choose) for place in range(len(snapshot.shards))
    ]
    columns = [np.concatenate([np.zeros(0, np.int64), *part]) for part in zip(*found, strict=True)]
    return Moments(*columns) if columns else Moments(*[np.zeros(0, np.int64)] * 4)


def _of_shard(
    snapshot: Snapshot, place: int, units: Units, *, choose: Choose
) -> tuple[Whole, Whole, Whole, Whole]:
    shard = snapshot.shards[place]
    rows = np.flatnonzero(choose(whole(snapshot, shard)))
    entity = np.searchsorted(shard.offset, rows, side="right") - 1
    people = people_now(snapshot, units.people)
    unit = persons_of(shard, tuple(people))
    places = np.array([*people.values(), -1], np.int64)
    mine = places[unit[entity]]
    accounts = accounts_of(snapshot, shard)
    if accounts is not None:
        known = {name: k for k, name in enumerate(units.ids)}
        by_code = [known.get(name, -1) for name in snapshot.columns[ACCOUNT].values]
        of_account = np.array([-1, *by_code], np.int64)[accounts[rows]]
        mine = np.where(of_account >= 0, of_account, mine)
    kept = (mine >= 0) & snapshot.live(place)[entity]
    rows = rows[kept]
    net = shard.columns["value"][rows] - shard.columns["cost"][rows]
    return mine[kept], shard.time_us[rows], shard.name[rows].astype(np.int64), net


def people_now(snapshot: Snapshot, people: Mapping[str, int]) -> dict[str, int]:
    """Return the unit of each person; of one whose ids were joined since and have several, the first.

    Parameters
    ----------
    people
        The place of each raw id's unit, by when they were first decided on.
    """
    whose, found = snapshot.persons_by(list(people)), dict[str, int]()
    for id_, unit in people.items():
        found.setdefault(whose[id_], unit)
    return found


def persons_of(shard: Shard, ids: tuple[str, ...]) -> Whole:
    """Return int64[entities]: the place of each in a list of ids, -1 where it is not in it."""
    texts = texts_of(shard)
    found = pc.index_in(texts, value_set=pa.array(ids, pa.large_string()))
    return np.asarray(found.fill_null(-1)).astype(np.int64)


def texts_of(shard: Shard) -> pa.Array:
    """Return the raw ids of a shard's entities as Arrow text."""
    offset = pa.py_buffer(np.ascontiguousarray(shard.id_offset, np.int64))
    letters = pa.py_buffer(np.ascontiguousarray(shard.id_bytes))
    return pa.LargeStringArray.from_buffers(shard.entities, offset, letters)


def accounts_of(snapshot: Snapshot, shard: Shard) -> NDArray | None:
    """Return the account's code of every event: its own, else the person's latest; 0 where none is known yet."""
    info = snapshot.columns.get(ACCOUNT)
    if info is None or info.kind != "text":
        return None
    codes = shard.columns[ACCOUNT]
    if not len(codes):
        return codes
    first = np.repeat(shard.offset[:-1], np.diff(shard.offset))
    last = np.maximum.accumulate(np.where(codes != 0, np.arange(len(codes)), -1))
    return np.where(last >= first, codes[np.maximum(last, 0)], 0)


def on_step(document: MapDocument, step: str) -> Choose:
    """Return what chooses the events that take a step of a map: its rule holds, and no earlier one's does."""
    steps = tuple(Step(one.name, one.rule) for one in document.steps if one.rule is not None)
    place = [one.id for one in document.steps if one.rule is not None].index(step)
    return lambda part: np.asarray(step_codes(part, steps) == place)


def on_rule(rule: str) -> Choose:
    """Return what chooses the events for which a predicate holds."""
    return lambda part: np.asarray(event_mask(part, rule) != 0)


def with_money(part: Part) -> NDArray[np.bool_]:
    """Choose the events that carry money."""
    span = slice(int(part.offset[0]), int(part.offset[-1]))
    columns = part.shard.columns
    return np.asarray((columns["value"][span] != 0) | (columns["cost"][span] != 0))


def first_occasions(
    snapshot: Snapshot, choose: Choose, *, accounts: bool, from_us: int, to_us: int
) -> Units:
    """Return who met a trigger for the first time in a period, as units that nobody treated.

    Parameters
    ----------
    snapshot
        Whose events.
    choose
        The trigger.
    accounts
        Whether a person's account stands for the person, where one is known.
    from_us, to_us
        The period, up to but without the second.
    """
    first: dict[str, int] = {}
    people: dict[str, str] = {}
    for unit, person, time_us in _occasions(snapshot, choose, accounts=accounts):
        if from_us <= time_us < to_us:
            people.setdefault(person, unit)
            first[unit] = min(first.get(unit, time_us), time_us)
    ids = tuple(sorted(first))
    place = {unit: k for k, unit in enumerate(ids)}
    start = np.array([first[unit] for unit in ids], np.int64)
    mine = {person: place[unit] for person, unit in people.items()}
    return Units(ids, np.zeros(len(ids), bool), start, mine)


def _occasions(
    snapshot: Snapshot, choose: Choose, *, accounts: bool
) -> Iterator[tuple[str, str, int]]:
    for number, shard in enumerate(snapshot.shards):
        rows = np.flatnonzero(choose(whole(snapshot, shard)))
        entity = np.searchsorted(shard.offset, rows, side="right") - 1
        shown = snapshot.shown(number)[entity]
        rows, entity = rows[shown], entity[shown]
        names = texts_of(shard).take(pa.array(entity)).to_pylist()
        code = accounts_of(snapshot, shard) if accounts else None
        of = np.zeros(len(rows), np.int64) if code is None else code[rows].astype(np.int64)
        known = snapshot.columns[ACCOUNT].values if code is not None else ()
        for row, name, k in zip(rows.tolist(), names, of.tolist(), strict=True):
            yield (known[k - 1] if k else name), name, int(shard.time_us[row])

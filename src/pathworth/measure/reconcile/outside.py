"""How a number from elsewhere may have come about: ours, read in other ways, the nearest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import numpy as np

from pathworth.base.durations import DAY_US
from pathworth.base.errors import WrongUsage
from pathworth.base.json import ON_REQUEST
from pathworth.base.period import FOREVER_US, Period
from pathworth.journeys import AsOf, Engine, local_engine
from pathworth.measure.answers import Answer, Sheet
from pathworth.measure.asking import as_of
from pathworth.measure.reconcile.number import Number, is_there

MOST_TOGETHER = 2
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Reading:
    """The number read in another way: what is done differently, what it is then, and how far that is from outside."""

    words: str
    number: int
    left: int


@dataclass(frozen=True)
class Missing:
    """People of the list from outside whom our number does not count, by the first reading that does count them."""

    words: str
    people: int
    some: tuple[str, ...]


@dataclass(frozen=True)
class Reconciled(Answer):
    """A number from outside beside ours, with the readings that come nearest to it.

    With a list of ids from outside: how many stand in both, who of ours is not in it, and why others are missing here.
    """

    number: int
    outside: int
    readings: tuple[Reading, ...]
    words: str
    as_of: AsOf
    both: int | None = field(default=None, metadata=ON_REQUEST)
    only_here: int | None = field(default=None, metadata=ON_REQUEST)
    only_outside: tuple[Missing, ...] | None = field(default=None, metadata=ON_REQUEST)

    def sheet(self) -> Sheet:
        """Return one row per reading."""
        rows = tuple((one.words, one.number, one.left) for one in self.readings)
        return Sheet(self.words, ("read in another way", "number", "left to explain"), rows)


def reconcile(
    number: Number,
    outside: int | None = None,
    *,
    ids: Sequence[str] = (),
    engine: Engine | None = None,
) -> Reconciled:
    """Explain a number from elsewhere, such as "the CRM says 412 trials in March".

    Our number is read in every other way that we know of, alone and two at a time: the zone of its days, whether its
    last day counts, people left out, each filter, its window and its way of counting. The reading that comes nearest
    is a candidate, never a proof; a list of ids turns candidates into reasons.

    Parameters
    ----------
    number
        Ours.
    outside
        The number from elsewhere; how many ids there are when it is not given.
    ids
        Whom it counts, as raw ids, where that is known.
    engine
        Where folds run; threads of this process unless given.

    Raises
    ------
    WrongUsage
        ``NO_OUTSIDE_NUMBER`` with neither a number nor ids.
    Refused
        ``UNKNOWN_CELL`` for a number that is not there, and as the question.
    """
    if outside is None and not ids:
        raise WrongUsage(
            "NO_OUTSIDE_NUMBER",
            "There is nothing to compare with.",
            "Give the other number, or its ids.",
        )
    runs = engine or local_engine()
    wanted = len(set(ids)) if outside is None else outside
    ours, found = set(number.people(runs)), list(_readings(number, runs))
    readings = [Reading(words, len(people), len(people) - wanted) for words, people in found]
    readings.sort(key=lambda one: (abs(one.left), one.words.count(" and "), one.words))
    plain = Reconciled(
        len(ours),
        wanted,
        tuple(readings),
        _words(len(ours), wanted, readings),
        as_of(number.journeys),
    )
    if not ids:
        return plain
    theirs = {one.encode() for one in number.journeys.snapshot.persons_of(ids)}
    return replace(
        plain,
        both=len(ours & theirs),
        only_here=len(ours - theirs),
        only_outside=_missing(theirs - ours, found, number=number),
    )


def _readings(number: Number, engine: Engine) -> Iterator[tuple[str, set[bytes]]]:
    """Yield the other readings and whom each counts; those that change nobody are left out."""
    ways, ours = _ways(number), set(number.people(engine))
    for count in range(1, MOST_TOGETHER + 1):
        for some in combinations(ways, count):
            read = number
            for _, change in some:
                read = change(read)
            people = is_there(read, engine)
            if people is not None and people.keys() != ours:
                yield " and ".join(words for words, _ in some), set(people)


Way = tuple[str, Callable[[Number], Number]]


def _ways(number: Number) -> list[Way]:
    """Return how else the number could be read."""
    chosen, ask = number.journeys, number.ask
    ways: list[Way] = []
    if chosen.snapshot.hidden is not None:
        ways.append(("people who are left out here are counted", _with_everybody))
    period, zone = chosen.period, chosen.snapshot.timezone
    if not period.everything:
        if zone != "UTC":
            ways.append(
                (f"days begin in UTC, not in {zone}", lambda one: _period(one, _in_utc(one)))
            )
        if period.to_us < FOREVER_US:
            ways.append(("the day after the last one counts too", lambda one: _moved(one, DAY_US)))
            ways.append(("the last day is not counted", lambda one: _moved(one, -DAY_US)))
        ways.append(("all time is counted", lambda one: _period(one, Period())))
    if chosen.where is not None:
        ways.append(("events are not filtered", lambda one: _chosen(one, where=None)))
    if chosen.who is not None:
        ways.append(("people are not filtered", lambda one: _chosen(one, who=None)))
    if getattr(ask, "within", None) is not None:
        ways.append(("no window ends it", lambda one: _asked(one, within=None)))
    for order, words in (
        ("any", "the order of steps does not matter"),
        ("strict", "no other event may stand between"),
    ):
        if getattr(ask, "order", order) != order:
            ways.append((words, lambda one, order=order: _asked(one, order=order)))  # type: ignore[misc]
    return ways


def _with_everybody(number: Number) -> Number:
    snapshot = replace(number.journeys.snapshot, hidden=None, excluded={})
    return replace(number, journeys=replace(number.journeys, snapshot=snapshot))


def _chosen(number: Number, **changed: str | None) -> Number:
    return replace(number, journeys=replace(number.journeys, **changed))  # type: ignore[arg-type]


def _asked(number: Number, **changed: str | None) -> Number:
    return replace(number, ask=replace(number.ask, **changed))  # type: ignore[type-var]


def _period(number: Number, period: Period) -> Number:
    return replace(number, journeys=replace(number.journeys, period=period))


def _moved(number: Number, by_us: int) -> Number:
    period = number.journeys.period
    return _period(number, replace(period, to_us=period.to_us + by_us))


def _in_utc(number: Number) -> Period:
    """Return the period with the same clock times in UTC."""
    zone, period = ZoneInfo(number.journeys.snapshot.timezone), number.journeys.period

    def clock(instant_us: int) -> int:
        if abs(instant_us) >= FOREVER_US:
            return instant_us
        local = (_EPOCH + timedelta(microseconds=instant_us)).astimezone(zone)
        return (local.replace(tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)

    return Period(clock(period.from_us), clock(period.to_us))


def _missing(
    ids: set[bytes], readings: list[tuple[str, set[bytes]]], *, number: Number
) -> tuple[Missing, ...]:
    """Say of people whom only the other list has which reading counts them."""
    left, found = set(ids), []
    for words, people in readings:
        mine = left & people
        left -= mine
        if mine:
            found.append(_named(f"counted when {words}", mine))
    here = left & _everybody(number)
    if here:
        found.append(_named("known here, but no reading of this number counts them", here))
    if left - here:
        found.append(_named("not in the data under this id", left - here))
    return tuple(found)


def _everybody(number: Number) -> set[bytes]:
    snapshot = number.journeys.snapshot
    return {
        bytes(shard.id_bytes[shard.id_offset[e] : shard.id_offset[e + 1]])
        for place, shard in enumerate(snapshot.shards)
        for e in np.flatnonzero(snapshot.live(place)).tolist()
    }


def _named(words: str, ids: set[bytes]) -> Missing:
    return Missing(words, len(ids), tuple(one.decode() for one in sorted(ids)[:10]))


def _words(number: int, outside: int, readings: list[Reading]) -> str:
    if number == outside:
        return (
            f"Both say {number:,}. Whether they mean the same people, only a list of ids can tell."
        )
    exact = [one for one in readings if one.left == 0]
    if exact:
        more = f" {len(exact) - 1} other readings give it too." if len(exact) > 1 else ""
        return f"{outside:,} is what comes out when {exact[0].words}; here it is {number:,}.{more}"
    if readings and abs(readings[0].left) < abs(number - outside):
        near = readings[0]
        return (
            f"Nothing we know of gives {outside:,}. Nearest is {near.number:,}, when {near.words}; "
            f"{abs(near.left):,} are left to explain. Here it is {number:,}."
        )
    return f"Nothing we know of brings {number:,} nearer to {outside:,}. A list of its ids would say who differs."

"""Who is new in a period, who is there again, who returned after a gap, and who is gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from pathworth.base.instants import to_iso
from pathworth.base.json import ON_REQUEST
from pathworth.journeys import AsOf, Engine, Journeys, Part, Step, hit_lane, local_engine
from pathworth.kernels.folds.activity import DORMANT, NEW, RESURRECTING, RETURNING, life, lives
from pathworth.measure import rules
from pathworth.measure.answers import Answer, Chart, Sheet
from pathworth.measure.asking import Behind, Mask, Pair, as_of, param, unknown_cell
from pathworth.measure.calendar import Calendar, Slices, calendar, slices
from pathworth.measure.cells import of_part
from pathworth.measure.contracts import Difference, Interval
from pathworth.measure.diff.sides import interval_of
from pathworth.measure.diff.wording import POINTS, said as in_words
from pathworth.measure.intervals import FEW_UNITS, TOO_FEW, wilson
from pathworth.measure.returns.comings import all_time, known_until
from pathworth.measure.split import Parts, parts_by

Counts = NDArray[np.int64]
KINDS = {"new": NEW, "returning": RETURNING, "resurrecting": RESURRECTING, "dormant": DORMANT}
_NO_PARTS = np.empty(0, np.uint8)


@dataclass(frozen=True)
class LifePeriod:
    """One period, and who was there in it.

    ``new`` had their first event in it; ``returning`` were there in the one before too; ``resurrecting`` came back
    after a gap; ``dormant`` were there in the one before and not in it, null while it is not over. ``stayed`` is the
    share of those there in the period before; ``interval`` is Wilson's at 95 %, null with ``why`` beside it when there
    is none.
    """

    start: str
    new: int
    returning: int
    resurrecting: int
    dormant: int | None
    stayed: float | None
    interval: Interval | None
    why: str | None = None


@dataclass(frozen=True)
class LifecycleOf:
    """The periods of the entities with one value of a trait; ``others`` says how many rarer values it joins."""

    value: str | None
    periods: tuple[LifePeriod, ...]
    others: int | None = field(default=None, metadata=ON_REQUEST)


@dataclass(frozen=True)
class Lifecycle(Answer):
    """Who is new, there again, back after a gap, and gone, period by period; ``by`` parts add up to the total."""

    period: str
    periods: tuple[LifePeriod, ...]
    excluded: Mapping[str, int]
    as_of: AsOf
    by: tuple[LifecycleOf, ...] | None = field(default=None, metadata=ON_REQUEST)
    overlap: int | None = field(default=None, metadata=ON_REQUEST)

    def sheet(self) -> Sheet:
        """Return one row per period and kind of entity."""
        heads = ("start", *KINDS, "stayed")
        rows = tuple(
            (one.start, one.new, one.returning, one.resurrecting, one.dormant, one.stayed)
            for one in self.periods
        )
        title = f"People by {self.period}: new, there again, back, gone"
        return Sheet(title, heads, rows, Chart("lines", "start", tuple(KINDS)))

    def cells(self) -> dict[str, int]:
        """Return the number of every period and kind, and of every part."""
        parts = [(f" {of_part(one.value, joins=one.others)}", one.periods) for one in self.by or ()]
        return {
            f"{one.start} {kind}{part}": count
            for part, periods in [("", self.periods), *parts]
            for one in periods
            for kind in KINDS
            if (count := getattr(one, kind)) is not None
        }


@dataclass(frozen=True)
class LifecycleDiff(Answer):
    """Of those there in one period, how many are there in the next, compared between two selections.

    The interval is a jackknife with the same groups on both sides.
    """

    a: Lifecycle
    b: Lifecycle
    stayed: Difference

    def sheet(self) -> Sheet:
        """Return the one comparison."""
        row = ("stayed", self.stayed.a, self.stayed.b, self.stayed.words)
        return Sheet("B against A", ("", "A", "B", "in words"), (row,))


@dataclass(frozen=True, kw_only=True)
class AskLifecycle:
    """Who is new in a period, there again, back after a gap, or gone."""

    word: ClassVar[str] = "lifecycle"
    active: str | None = param(
        None, "Predicate of the events that count as being there; any event."
    )
    period: str = param("week", "day, week or month.")
    by: str | None = param(None, "Breaks the answer down by a trait.")

    def answer(self, journeys: Journeys, *, engine: Engine) -> Lifecycle:
        """Return the periods of a selection; raises as the rules of ``measure.rules`` say."""
        plan = self._plan(journeys, engine)
        periods: tuple[LifePeriod, ...] = ()
        parts: tuple[LifecycleOf, ...] | None = None if self.by is None else ()
        if plan is not None:
            counts = engine.total(all_time(journeys), plan)
            periods = plan.periods(counts.sum(axis=0))
            parts = None if self.by is None else plan.of_parts(counts)
        return Lifecycle(
            self.period,
            periods,
            dict(journeys.snapshot.excluded),
            as_of(journeys),
            by=parts,
            overlap=None if self.by is None else 0,
        )

    def behind(self, journeys: Journeys, cell: str, *, engine: Engine) -> Behind:
        """Return who a cell ``START KIND`` counts, with ``START KIND VALUE`` for one part."""
        plan = self._plan(journeys, engine)
        start, _, rest = cell.partition(" ")
        kind, _, value = rest.partition(" ")
        starts = [] if plan is None else plan.starts
        if plan is None or start not in starts or kind not in KINDS:
            raise unknown_cell(cell, [f"{one} {word}" for one in starts for word in KINDS])
        part = None if plan.parts is None or not value else plan.parts.place(value)
        return Behind(InLife(plan, starts.index(start) + 1, KINDS[kind], part), all_time(journeys))

    def differ(self, pair: Pair, *, engine: Engine) -> LifecycleDiff:
        """Return how many stay from one period to the next, B less A."""
        a, b = (self.answer(one, engine=engine) for one in pair)
        plans = [self._plan(one, engine) for one in pair]
        totals = [
            np.stack([plan.stays(one) for one in engine.fold(all_time(side), plan)])
            for side, plan in zip(pair, plans, strict=True)
            if plan is not None
        ]
        if len(totals) < 2:
            return LifecycleDiff(a, b, in_words(None, None, interval=None, kind=POINTS))
        whole = [one.sum(axis=0) for one in totals]
        shares = [int(n) / int(of) if of else None for n, of in whole]
        few = min(int(of) for _, of in whole) < FEW_UNITS
        both = np.stack(totals, axis=1)
        interval = None if few else interval_of(both, _difference)[0]
        return LifecycleDiff(a, b, in_words(*shares, interval=interval, kind=POINTS))

    def _plan(self, journeys: Journeys, engine: Engine) -> Lives | None:
        """Return the fold; null when no event lies in the period."""
        rules.check_period_word(self.period)
        rules.check_period(journeys)
        rules.check_whole(journeys)
        snapshot, chosen = journeys.snapshot, journeys.period
        trait = None if self.by is None else rules.split_trait(self.by, snapshot)
        first = max(snapshot.first_us, chosen.from_us)
        last = min(snapshot.last_us, chosen.to_us - 1)
        if not snapshot.events or first > last:
            return None
        shown = calendar(self.period, snapshot.timezone, first_us=first, last_us=last)
        edges = calendar(
            self.period, snapshot.timezone, first_us=int(shown.edges_us[0]) - 1, last_us=last
        )
        table = slices(edges, first_us=snapshot.first_us, last_us=snapshot.last_us)
        end = known_until(snapshot.last_us, self.period, timezone=snapshot.timezone)
        return Lives(
            (Step("active", self.active or "true"),),
            edges,
            table,
            min(end, chosen.to_us),
            parts_by(all_time(journeys), trait, engine=engine),
        )


def lifecycle(
    journeys: Journeys,
    *,
    active: str | None = None,
    period: str = "week",
    by: str | None = None,
    engine: Engine | None = None,
) -> Lifecycle:
    """Count who is new in a period, there again, back after a gap, or gone.

    Parameters
    ----------
    journeys
        Whose, and which events; new is who never had such an event before, whatever the selection's period.
    active
        Predicate of the events that count as being there; any event unless given.
    period
        ``day``, ``week`` (ISO) or ``month``, in the timezone of the workspace.
    by
        Splits entities by their last known value of a trait.
    engine
        Where folds run; threads of this process unless given.

    Raises
    ------
    Refused
        As the rules of ``measure.rules`` say.
    """
    ask = AskLifecycle(active=active, period=period, by=by)
    return ask.answer(journeys, engine=engine or local_engine())


@dataclass(frozen=True)
class Lives:
    """Entities by part of a trait, period and kind, int64[parts, P, 4]; period 0 lies before the first one shown."""

    roles: tuple[Step, ...]
    edges: Calendar
    table: Slices
    end_us: int
    parts: Parts | None

    @property
    def starts(self) -> list[str]:
        """Return when each period that is shown begins."""
        return [to_iso(int(one)) for one in self.edges.edges_us[1:-1]]

    def fold(self, part: Part) -> Counts:
        """Count the entities of a part."""
        lane = hit_lane(part, self.roles)
        mine = _NO_PARTS if self.parts is None else self.parts.of(part, lane)
        width = 1 if self.parts is None else self.parts.split.parts
        out = np.zeros((width, self.edges.periods, len(KINDS)), np.int64)
        active = (lane.table & 1).astype(np.uint8)
        where = (self.table.period_of, self.table.base_us, self.table.slice_us)
        life(lane.offset, lane.codes, active, lane.time_us, lane.keep, *where, mine, out)
        return out

    def merge(self, left: Counts, right: Counts) -> Counts:
        """Add two partials."""
        return left + right

    def over(self, period: int) -> bool:
        """Return whether a period, by its place among all, is over."""
        return int(self.edges.edges_us[period + 1]) <= self.end_us

    def stays(self, counts: Counts) -> Counts:
        """Return int64[2]: who stayed from one period to the next that is over, of how many."""
        whole = counts.sum(axis=0)
        over = [p for p in range(1, self.edges.periods) if self.over(p)]
        stayed = int(whole[over, RETURNING].sum())
        return np.array([stayed, stayed + int(whole[over, DORMANT].sum())], np.int64)

    def periods(self, counts: Counts) -> tuple[LifePeriod, ...]:
        """Return the periods from counts of one part, int64[P, 4]."""
        found = []
        for place, start in enumerate(self.starts, start=1):
            new, returning, resurrecting, dormant = (int(one) for one in counts[place])
            before, over = returning + dormant, self.over(place)
            few = before < FEW_UNITS
            found.append(
                LifePeriod(
                    start,
                    new,
                    returning,
                    resurrecting,
                    dormant if over else None,
                    returning / before if over and before else None,
                    wilson(returning, before) if over and not few else None,
                    TOO_FEW if over and few else None,
                )
            )
        return tuple(found)

    def of_parts(self, counts: Counts) -> tuple[LifecycleOf, ...]:
        """Return the periods of every value that anybody has."""
        split = self.parts.split if self.parts is not None else None
        if split is None:
            return ()
        rows = zip(split.labels, counts, split.others, strict=True)
        return tuple(
            LifecycleOf(value, self.periods(one), others)
            for value, one, others in rows
            if one.any()
        )


@dataclass(frozen=True)
class InLife:
    """Entities that one period and kind counts, in one part of a trait if there is one."""

    plan: Lives
    period: int
    kind: int
    part: int | None

    def chosen(self, part: Part) -> Mask:
        """Return bool[n]."""
        plan, lane = self.plan, hit_lane(part, self.plan.roles)
        out = np.empty(lane.units, np.uint8)
        active = (lane.table & 1).astype(np.uint8)
        where = (plan.table.period_of, plan.table.base_us, plan.table.slice_us)
        read = (lane.offset, lane.codes, active, lane.time_us, lane.keep)
        lives(*read, *where, self.period, self.kind, out)
        found: Mask = out.view(np.bool_)
        if self.part is not None and plan.parts is not None:
            found = found & (plan.parts.of(part, lane) == self.part)
        return found


def _difference(totals: NDArray) -> NDArray:
    """Return the share of B less that of A, from int64[2, 2] of each side's stayed and all."""
    shares = totals[:, 0] / totals[:, 1]
    found: NDArray = np.atleast_1d(shares[1] - shares[0])
    return found

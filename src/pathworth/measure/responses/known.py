"""What is known of everybody who was asked, as rows of whole numbers and as standardised columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.base.durations import DAY_US
from pathworth.journeys import Part
from pathworth.kernels.gaps import done_by
from pathworth.measure.responses.moments import Moments, Survey, Whole
from pathworth.measure.responses.tally import Mark

SEQ, STATE, WHAT, EVENTS, DAYS, SINCE_US, MONEY = range(7)
MICRO = 1_000_000
Columns = NDArray[np.float64]


@dataclass(frozen=True)
class Rows:
    """One row for everybody who was asked.

    Parameters
    ----------
    numbers
        int64[n, 7]: the number of the event that asked; how they answered, and what; in the window before it, events,
        days with one, and micro-units of money; microseconds since their first event.
    marks
        uint8[n, m]: 1 for each thing that is so of them.
    """

    numbers: Whole
    marks: NDArray[np.uint8]

    def ordered(self) -> Rows:
        """Return the rows by the event that asked, which no shard or thread changes: sums of floats follow it."""
        order = np.argsort(self.numbers[:, SEQ], kind="stable")
        return Rows(self.numbers[order], self.marks[order])


@dataclass(frozen=True)
class Known:
    """The question for what was known of each of the asked, and what they answered."""

    survey: Survey
    marks: tuple[Mark, ...]

    def fold(self, part: Part) -> Rows:
        """Return the rows of a part."""
        moments = Moments(part, self.survey)
        state, what = moments.answered()
        begin = moments.offset[moments.whose]
        time_us, seq = moments.time_us, moments.of(part.shard.seq)
        since = time_us[moments.at] - time_us[begin]
        within = _within(moments)
        events, days, money = within
        numbers = (seq[moments.at].astype(np.int64), state, what, events, days, since, money)
        return Rows(np.stack(numbers, axis=1), _marks(moments, self.marks))

    def merge(self, left: Rows, right: Rows) -> Rows:
        """Join the rows of two parts; ``ordered`` brings them into one order."""
        return Rows(
            np.concatenate([left.numbers, right.numbers]), np.concatenate([left.marks, right.marks])
        )


@dataclass(frozen=True)
class Design:
    """What is known of the asked, ready to be fitted.

    Parameters
    ----------
    names
        Of each column, in alphabetical order.
    z
        float64[n, k]: columns of mean 0 and standard deviation 1, no two of which say the same.
    """

    names: tuple[str, ...]
    z: Columns


def design(rows: Rows, marks: tuple[Mark, ...], *, window: str) -> Design:
    """Return what is known as standardised columns, those left out that are constant or said already."""
    numbers = rows.numbers
    named = {mark.name: rows.marks[:, k].astype(np.float64) for k, mark in enumerate(marks)}
    named[f"events in {window} before"] = np.log1p(numbers[:, EVENTS])
    named[f"days with events in {window} before"] = np.log1p(numbers[:, DAYS])
    named["days since the first event"] = np.log1p(numbers[:, SINCE_US] / DAY_US)
    named[f"money in {window} before"] = np.log1p(numbers[:, MONEY] / MICRO)
    return standardised(named)


def standardised(named: dict[str, Columns]) -> Design:
    """Return columns by name as a design: float64[n] each, in any unit."""
    kept: dict[str, Columns] = {}
    said: set[bytes] = set()
    for name in sorted(named):
        x = named[name]
        if not len(x) or x.min() == x.max():
            continue
        z = (x - x.mean()) / x.std()
        # A column and its opposite say the same: yes and no of a flag that everybody has.
        same = (np.round(z * np.sign(z[np.argmax(np.abs(z) > 1e-9)]), 9) + 0.0).tobytes()
        if same not in said:
            said.add(same)
            kept[name] = z
    some = next(iter(named.values()))
    return Design(tuple(kept), np.stack([*kept.values()], 1) if kept else np.empty((len(some), 0)))


def _within(moments: Moments) -> tuple[Whole, Whole, Whole]:
    """Return int64[moments] each: events in the window before, days with one, and micro-units of money."""
    before, people = moments.before, len(moments)
    start = moments.time_us[moments.at] - moments.survey.window_us
    inside = moments.time_us[before.place] >= start[before.whose]
    whose, place = before.whose[inside], before.place[inside]
    day = moments.time_us[place] // DAY_US
    fresh = np.ones(len(day), np.bool_)
    fresh[1:] = (day[1:] != day[:-1]) | (whose[1:] != whose[:-1])
    money = np.zeros(people, np.int64)
    if "value" in moments.part.shard.columns:
        paid = moments.of(moments.part.shard.columns["value"])[place]
        np.add.at(money, whose, np.maximum(paid, 0))
    return (
        np.bincount(whose, minlength=people).astype(np.int64),
        np.bincount(whose[fresh], minlength=people).astype(np.int64),
        money,
    )


def _marks(moments: Moments, marks: tuple[Mark, ...]) -> NDArray[np.uint8]:
    """Return uint8[moments, marks]: what is so of whom."""
    out = np.zeros((len(moments), len(marks)), np.uint8)
    done = _done(moments, marks)
    codes = {one.column: moments.known(one.column) for one in marks if one.column is not None}
    for k, mark in enumerate(marks):
        if mark.column is None:
            out[:, k] = done[mark.code]
        else:
            out[:, k] = codes[mark.column] == mark.code
    return out


def _done(moments: Moments, marks: tuple[Mark, ...]) -> dict[int, NDArray[np.bool_]]:
    """Return bool[moments] for each event that is looked at: whether it was done before."""
    names = [mark.code for mark in marks if mark.column is None]
    bit = np.full(len(moments.part.snapshot.names), -1, np.int8)
    bit[names] = np.arange(len(names))
    mask = np.zeros(len(moments), np.uint64)
    if names and len(moments):
        name = moments.of(moments.part.shard.name)
        done_by(moments.offset, name, bit, moments.whose, moments.at - 1, mask)
    return {code: (mask >> np.uint64(place)) & np.uint64(1) > 0 for place, code in enumerate(names)}

"""From counts to rows: which things are common enough, how sure each is, and what can be said of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.kernels.cohorts.before import AT_LEAST
from pathworth.measure.intervals import FEW_UNITS
from pathworth.measure.separating.answer import Names, Separating, ThingKind, phrase, row_words
from pathworth.measure.separating.apart import LEVEL, apart, p_values, q_values, scores
from pathworth.measure.separating.candidates import NONE, Tally, Thing, things

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Told:
    """What is looked at by name, how many are in each group and stratum, int64[2, strata], and how they are said."""

    states: tuple[str, ...]
    sizes: Counts
    names: Names


@dataclass(frozen=True)
class Found:
    """Everything that was tested, the surest first, and how many things were too rare."""

    things: tuple[Separating, ...]
    rare: int


@dataclass(frozen=True)
class _Counted:
    """A thing with who did it and of how many, int64[2, strata] each."""

    thing: Thing
    did: Counts
    of: Counts

    @property
    def common(self) -> bool:
        """Return whether enough did it, enough did not, and enough could in both groups."""
        did, of = int(self.did.sum()), self.of.sum(axis=1)
        return min(did, int(of.sum()) - did, int(of[0]), int(of[1])) >= FEW_UNITS

    @property
    def turned(self) -> _Counted:
        """Return the other order of a pair, if that is the one that goes with B."""
        one = apart(self.did, self.of)
        if self.thing.then == NONE or one is None or one.b >= one.a:
            return self
        other = Thing(self.thing.then, then=self.thing.state)
        return _Counted(other, self.of - self.did, self.of)


def told(tally: Tally, asked: Told) -> Found:
    """Return what tells two groups apart."""
    every = _counted(tally, asked)
    kept = [one.turned for one in every if one.common]
    rare = sum(1 for one in every if not one.common and one.did.any())
    if not kept:
        return Found((), rare)
    z = scores(np.stack([o.did for o in kept], axis=2), np.stack([o.of for o in kept], axis=2))
    p = p_values(z)
    q = q_values(p)
    rows = [
        (-float(z[k]), row)
        for k, one in enumerate(kept)
        if (row := _row(one, asked, p=float(p[k]), q=float(q[k]))) is not None
    ]
    rows.sort(key=lambda one: (one[0], -abs(one[1].difference), one[1].label))
    return Found(tuple(row for _, row in rows), rare)


def _counted(tally: Tally, asked: Told) -> list[_Counted]:
    """Return every thing with its counts; a number of times that nobody is told apart by is left out."""
    found: list[_Counted] = []
    for thing in things(len(asked.states)):
        did, of = (one.reshape(2, -1) if len(one) else asked.sizes for one in tally.of(thing))
        before = found[-1].did if found and thing.at_least > AT_LEAST[0] else None
        if before is None or not np.array_equal(before, did):
            found.append(_Counted(thing, did, of))
    return found


def _row(one: _Counted, asked: Told, *, p: float, q: float) -> Separating | None:
    seen = apart(one.did, one.of)
    if seen is None:
        return None
    thing, names = one.thing, asked.states
    ordered = thing.then != NONE
    kind: ThingKind = "order" if ordered else "did" if thing.at_least == 1 else "times"
    events = (names[thing.state], *([names[thing.then]] if ordered else []))
    what = phrase(kind, events, at_least=thing.at_least)
    counts = [int(side.sum()) for side in one.did]
    of = [int(side.sum()) for side in one.of]
    found = q <= LEVEL
    return Separating(
        thing.label(names),
        kind,
        events,
        thing.at_least,
        counts[0],
        of[0],
        counts[1],
        of[1],
        seen.a,
        seen.b,
        seen.b - seen.a,
        seen.interval,
        p,
        q,
        found,
        row_words(
            what,
            shares=(seen.a, seen.b),
            interval=seen.interval,
            found=found,
            names=asked.names,
        ),
    )

"""When people were asked first, what they answered, and which events lie before."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Part, event_mask
from pathworth.kernels.gaps import known_at

NULL = {"text": 0, "flag": 2}
SILENT, EMPTY, SAID = 0, 1, 2
"""Who did not answer, who answered and said nothing, and who said something."""
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Survey:
    """What is asked, what answers it, and how much of the time before counts.

    Parameters
    ----------
    asked, answered
        Predicates over events.
    answer
        Column of the answering events that holds the answer.
    number
        Whether it holds numbers rather than texts.
    window_us
        Microseconds before the question in which activity counts.
    """

    asked: str
    answered: str
    answer: str
    number: bool
    window_us: int


@dataclass(frozen=True)
class Before:
    """The events before the moments of a part, end to end.

    Parameters
    ----------
    whose
        int64[b]: the moment, counted from the part's first.
    place
        int64[b]: the event, counted from the part's first.
    """

    whose: Whole
    place: Whole


class Moments:
    """The people of a part who were asked, each at their first question.

    Only ``asked`` and ``answered`` events of the selection count. What is known before is read from whole journeys:
    a selection chooses a survey, and a person's past does not begin with it.
    """

    def __init__(self, part: Part, survey: Survey) -> None:
        self.part, self.survey = part, survey
        self.low, self.high = int(part.offset[0]), int(part.offset[-1])
        self.offset = part.offset - self.low
        some = self.high > self.low
        none = np.zeros(0, np.bool_)
        self.asks = event_mask(part, survey.asked) != 0 if some else none
        self.answers = event_mask(part, survey.answered) != 0 if some else none
        places = np.flatnonzero(self.asks & self._kept())
        owner = np.searchsorted(self.offset, places, side="right") - 1
        whose, first = np.unique(owner, return_index=True)
        self.whose: Whole = whose.astype(np.int64)
        self.at: Whole = places[first].astype(np.int64)

    def __len__(self) -> int:
        return len(self.at)

    def of(self, column: NDArray) -> NDArray:
        """Return the part's stretch of an array over the events of its shard."""
        return np.ascontiguousarray(column[self.low : self.high])

    @cached_property
    def time_us(self) -> Whole:
        """Return int64[events of the part]: their times."""
        found: Whole = self.of(self.part.shard.time_us)
        return found

    @cached_property
    def before(self) -> Before:
        """Return the events before each moment, in the order of journeys."""
        start = self.offset[self.whose]
        many = self.at - start
        shift = start - (np.cumsum(many) - many)
        whose = np.repeat(np.arange(len(self), dtype=np.int64), many)
        return Before(whose, np.arange(len(whose), dtype=np.int64) + np.repeat(shift, many))

    def known(self, name: str) -> Whole:
        """Return int64[moments]: the last code of a property said before; 0 where none was.

        The code of a text is its own; that of a flag is 1 for false and 2 for true.
        """
        kind = self.part.snapshot.columns[name].kind
        out = np.full(len(self), -1, np.int32)
        if len(self) and name in self.part.shard.columns:
            codes = self.of(self.part.shard.columns[name])
            known_at(self.offset, codes, NULL[kind], self.whose, self.at - 1, out)
        plus = 1 if kind == "flag" else 0
        return np.maximum(out.astype(np.int64) + plus, 0)

    def answered(self) -> tuple[Whole, Whole]:
        """Return how each person answered and what, int64[moments] each: a text's code, or the bits of a number."""
        column, held = self._said(), self.answers & self._kept()
        number = self.survey.number
        given = held & (np.isfinite(column) if number else column != 0)
        state, _ = self._next(held)
        said, place = self._next(given)
        what = np.zeros(len(self), np.int64)
        # Adding nought makes one number of the two noughts that there are.
        values = column[place[said]]
        what[said] = (values + 0.0).view(np.int64) if number else values.astype(np.int64)
        return np.where(said, SAID, np.where(state, EMPTY, SILENT)).astype(np.int64), what

    def _said(self) -> NDArray:
        columns = self.part.shard.columns
        if self.survey.answer in columns:
            return self.of(columns[self.survey.answer])
        return np.full(self.high - self.low, np.nan if self.survey.number else 0)

    def _next(self, held: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], Whole]:
        """Return whether an event that is held lies at or after each moment in the journey, and where."""
        places = np.append(np.flatnonzero(held), self.high - self.low)
        found = places[np.searchsorted(places, self.at, side="left")] if len(self) else self.at
        return found < self.offset[self.whose + 1], found

    def _kept(self) -> NDArray[np.bool_]:
        keep = self.part.keep
        if keep.size:
            kept: NDArray[np.bool_] = keep[self.low : self.high] != 0
            return kept
        return np.ones(self.high - self.low, np.bool_)

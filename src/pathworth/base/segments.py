"""Saved, named predicates over people: which of their revisions counts when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pathworth.base.period import FOREVER_US


@dataclass(frozen=True)
class SegmentRevision:
    """One definition of a segment; it is never changed.

    Parameters
    ----------
    revision
        Its number, from 1.
    who
        Predicate over people.
    author
        Who saved it.
    saved_us
        When, microseconds since 1970 UTC.
    steps
        The steps of a map that it names, with their rules as they were then.
    map_name
        That map; null when it names none.
    """

    revision: int
    who: str
    author: str
    saved_us: int
    steps: tuple[tuple[str, str], ...] = ()
    map_name: str | None = None


@dataclass(frozen=True)
class Segment:
    """A segment with its revisions, oldest first, at least one."""

    name: str
    revisions: tuple[SegmentRevision, ...]

    @property
    def newest(self) -> SegmentRevision:
        """Return the newest revision."""
        return self.revisions[-1]

    def spans(self) -> Iterator[tuple[int, int, SegmentRevision]]:
        """Yield from when up to but without when each revision counts, the first one since ever."""
        begins = [-FOREVER_US, *(one.saved_us for one in self.revisions[1:])]
        ends = [*begins[1:], FOREVER_US]
        yield from zip(begins, ends, self.revisions, strict=True)

    def at(self, instant_us: int) -> SegmentRevision:
        """Return the revision that counts just before an instant; before all of them the first one does."""
        then = (one for begin, end, one in self.spans() if begin < instant_us <= end)
        return next(then, self.revisions[0])

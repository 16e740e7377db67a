"""What was refused or came twice, and whose clocks are wrong, from what is counted when events come in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pathworth.collect.audit.contracts import Finding, Severity

TWICE, MANY_TWICE = 0.05, 0.25
DIFFERENT = 0.01
UNREADABLE, MANY_UNREADABLE = 0.01, 0.1
AHEAD, LATE = 0.01, 0.2


@dataclass(frozen=True)
class CameIn:
    """What came in from a source on one day.

    Parameters
    ----------
    day
        Local day, ISO.
    new, again, conflicting, refused
        New events, those that were there already, how many of these say something else, and what could not be read.
    timed, ahead, late
        Events of which it is known when they came; how many of them say a time more than five minutes after that, and
        how many one more than a day before.
    """

    day: str
    new: int
    again: int
    conflicting: int
    refused: int
    timed: int = 0
    ahead: int = 0
    late: int = 0


@dataclass(frozen=True)
class ArrivalShares:
    """Shares of what came in: null where nothing is known."""

    again: float | None = None
    refused: float | None = None
    ahead: float | None = None
    late: float | None = None


def arrivals(rows: Sequence[CameIn]) -> tuple[ArrivalShares, tuple[Finding, ...]]:
    """Return the shares of what came in over the last four weeks, and what to say of them.

    Parameters
    ----------
    rows
        What came in from one source, one row a day or an import.
    """
    new, again, other, refused, timed, ahead, late = (
        sum(getattr(row, name) for row in rows)
        for name in ("new", "again", "conflicting", "refused", "timed", "ahead", "late")
    )
    read = new + again
    shares = ArrivalShares(
        _share(again, read),
        _share(refused, read + refused),
        _share(ahead, timed),
        _share(late, timed),
    )
    first = min((row.day for row in rows), default=None)
    return shares, (
        *_twice(again, other, read, first),
        *_refused(refused, read + refused, first),
        *_clocks(ahead, late, timed, first),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _twice(again: int, other: int, read: int, since: str | None) -> Iterator[Finding]:
    if read and again / read >= TWICE:
        severity: Severity = "attention" if again / read >= MANY_TWICE else "notice"
        yield Finding(
            "duplicates",
            severity,
            f"{again / read:.0%} of what came in had come before: {again:,} of {read:,}. Each counts once.",
            "Look whether two senders send the same, or one sends again what was accepted.",
            seen=again,
            since=since,
        )
    if read and other / read >= DIFFERENT:
        yield Finding(
            "duplicates",
            "attention",
            f"{other:,} of {read:,} events carry the id of an earlier one and say something else: they do not count.",
            "Give every event an id of its own.",
            seen=other,
            since=since,
        )


def _refused(refused: int, came: int, since: str | None) -> Iterator[Finding]:
    if came and refused / came >= UNREADABLE:
        severity: Severity = "broken" if refused / came >= MANY_UNREADABLE else "attention"
        yield Finding(
            "schema",
            severity,
            f"{refused / came:.0%} of what came in could not be read: {refused:,} of {came:,}.",
            "See the reasons under Sources, or pathworth rejects ID; mend them and hand them in again.",
            seen=refused,
            since=since,
        )


def _clocks(ahead: int, late: int, timed: int, since: str | None) -> Iterator[Finding]:
    if timed and ahead / timed >= AHEAD:
        yield Finding(
            "clock",
            "attention",
            f"{ahead / timed:.0%} of events say a time that was still to come when they arrived: {ahead:,}.",
            "Look at the clocks of the senders, or at the time zone in which they write.",
            seen=ahead,
            since=since,
        )
    if timed and late / timed >= LATE:
        yield Finding(
            "clock",
            "notice",
            f"{late / timed:.0%} of events arrive more than a day after they happened: {late:,} of {timed:,}.",
            "Send them sooner; what is asked of the last days changes until they are there.",
            seen=late,
            since=since,
        )

"""How far a pull is: from when on, up to when, behind which page, and what was the newest record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec

from pathworth.base.durations import to_us
from pathworth.collect.pulling.contracts import Since


class Standing(msgspec.Struct, frozen=True, omit_defaults=True):
    """Instants as ISO 8601 in UTC; ``page`` as the API itself has it; empty where there is nothing to say."""

    since: str = ""
    until: str = ""
    page: str = ""
    newest: str = ""

    def text(self) -> str:
        """Return it as the store keeps it."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def of(cls, text: str) -> Standing:
        """Return it from what the store keeps."""
        return msgspec.json.decode(text or "{}", type=cls)


@dataclass(frozen=True)
class Span:
    """What is asked for at once: from an instant on, up to another; null where there is no such end."""

    since: datetime | None
    until: datetime | None


def spans_of(since: Since | None, standing: Standing, *, now: datetime) -> Iterator[Span]:
    """Yield what is to be asked for, one after the other; the first is one that was cut short, if there is one."""
    start = moment(standing.since)
    if standing.page or standing.until:
        until = moment(standing.until)
        yield Span(start, until)
        if until is None:
            return
        start = until
    elif start is not None and since is not None and since.again:
        start -= timedelta(microseconds=to_us(since.again))
    if since is None or start is None or since.window is None:
        yield Span(start, None)
        return
    step = timedelta(microseconds=to_us(since.window))
    end = now - timedelta(microseconds=to_us(since.late) if since.late else 0)
    if since.newest:
        start = max(start, floor(end, step) - step)
    while start + step <= end:
        yield Span(start, start + step)
        start += step


def floor(at: datetime, step: timedelta) -> datetime:
    """Return the last instant before another at which a window ends; days and hours begin where they do in UTC."""
    beginning = datetime(1970, 1, 1, tzinfo=UTC)
    return at - (at - beginning) % step


def written(at: datetime, since: Since, *, last: bool = False) -> str:
    """Return an instant as an API takes it; an end as the ``last`` day or hour in it."""
    if since.write == "date":
        return f"{at - timedelta(days=1 if last else 0):%Y-%m-%d}"
    if since.write == "hour":
        return f"{at - timedelta(hours=1 if last else 0):%Y%m%dT%H}"
    seconds = int(at.timestamp())
    if since.write == "iso":
        return f"{at:%Y-%m-%dT%H:%M:%SZ}"
    return str(seconds if since.write == "s" else 1000 * seconds)


def read_instant(value: object) -> datetime | None:
    """Return a record's own instant: ISO 8601, or seconds or milliseconds since 1970."""
    try:
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value / (1000 if value > 1e11 else 1), UTC)
        found = datetime.fromisoformat(str(value))
    except (ValueError, OverflowError, OSError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def moment(text: str) -> datetime | None:
    """Return the instant that a text says; null for none."""
    return datetime.fromisoformat(text) if text else None


def instant(at: datetime) -> str:
    """Return an instant as text."""
    return at.astimezone(UTC).isoformat()


def pulled_until(cursor: str) -> str | None:
    """Return up to when everything was pulled, as a cursor that is kept says it; null where the API keeps that."""
    standing = Standing.of(cursor)
    return standing.since or None

"""Which events a predicate names, and which properties it asks of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pathworth.base import predicate as p

_NO_PROPERTIES = {"event", "time", "value", "cost", "person"}


@dataclass(frozen=True)
class Named:
    """Events that a part of a predicate names, and the properties that must be said for it to hold."""

    events: frozenset[str]
    properties: frozenset[str]


def named_in(text: str) -> tuple[Named, ...]:
    """Return the events that a predicate names, part by part of its ``or``; what it denies is not named.

    A rule such as ``event = 'view' and section = 'help'`` names ``view``, of which it asks ``section``.
    """
    return tuple(one for one in _parts(p.parse(text)) if one.events)


def _parts(read: p.Predicate) -> Iterator[Named]:
    match read:
        case p.Or(parts):
            for part in parts:
                yield from _parts(part)
        case p.And(parts):
            inner = [list(_parts(part)) for part in parts]
            events = [one for found in inner for one in found if one.events]
            asked = frozenset().union(
                *(one.properties for found in inner for one in found if not one.events)
            )
            for one in events or [Named(frozenset(), frozenset())]:
                yield Named(one.events, one.properties | asked)
        case p.Compare(p.Column("event"), "=", str(name)):
            yield Named(frozenset({name}), frozenset())
        case p.In(p.Column("event"), values):
            yield Named(frozenset(str(one) for one in values), frozenset())
        case p.Did(step):
            yield Named(frozenset({step}), frozenset())
        case p.IsNull() | p.Not():
            yield Named(frozenset(), frozenset())
        case _:
            columns = (one.name for one in p.operands(read) if isinstance(one, p.Column))
            yield Named(frozenset(), frozenset(columns) - _NO_PROPERTIES)

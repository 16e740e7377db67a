"""Which events of a page make a step: what a script can see there by itself, without the rest of the journey."""

from __future__ import annotations

from itertools import product

from pathworth.act.pages.contracts import OnPage
from pathworth.base import predicate as p

_MOST = 20


def on_page(rule: str) -> tuple[OnPage, ...] | None:
    """Return the events that a step's rule names, with the texts it asks of them; null where it asks for more.

    A page can tell ``event = 'page' and path = '/prices'`` and any of several such; it cannot tell what somebody did
    before, what is not so, or what is more than something.
    """
    found = _either(p.parse(rule))
    return None if found is None or len(found) > _MOST else found


def _either(read: p.Predicate) -> tuple[OnPage, ...] | None:
    parts = read.parts if isinstance(read, p.Or) else (read,)
    found: list[OnPage] = []
    for part in parts:
        both = part.parts if isinstance(part, p.And) else (part,)
        some = _either(part) if isinstance(part, p.Or) else _all_of(both)
        if some is None:
            return None
        found += some
    return tuple(found)


def _all_of(parts: tuple[p.Predicate, ...]) -> tuple[OnPage, ...] | None:
    asked: dict[str, tuple[str, ...]] = {}
    for part in parts:
        said = _said(part)
        if said is None or said[0] in asked:
            return None
        asked[said[0]] = said[1]
    events = asked.pop("event", ())
    if not events:
        return None
    ways = [dict(zip(asked, way, strict=True)) for way in product(*asked.values())]
    return tuple(OnPage(event, way) for event in events for way in ways)


def _said(part: p.Predicate) -> tuple[str, tuple[str, ...]] | None:
    """Return a column and the texts of which it must be one; null for any other condition."""
    match part:
        case p.Compare(p.Column(name), "=", str(value)):
            return name, (value,)
        case p.In(p.Column(name), values) if all(isinstance(one, str) for one in values):
            return name, tuple(str(one) for one in values)
        case _:
            return None

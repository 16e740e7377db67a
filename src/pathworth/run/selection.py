"""What a page or command asks of: period, filters and persona, as text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Selection:
    """A selection as people and addresses write it.

    Parameters
    ----------
    where
        Predicate that keeps events.
    who
        Predicate that keeps people by their traits.
    from_, to
        ISO dates or instants; up to but without the second.
    persona
        One value of the map's persona property.
    of, holding
        Whose journeys: ``person``, ``session(gap=30m)``, a declared entity, or units that keep the value of a property.
    """

    where: str | None = None
    who: str | None = None
    from_: str | None = None
    to: str | None = None
    persona: str | None = None
    of: str = "person"
    holding: str | None = None

"""What is said of declared entities."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Declared:
    """An entity that was declared: its name, the property whose values are its ids, who said so, and when."""

    name: str
    by: str
    author: str
    created_at: str


@dataclass(frozen=True)
class Belonging:
    """Whose the events of people are.

    Parameters
    ----------
    events
        Events that belong to an entity.
    without
        Events of people who had named none by then.
    people_without
        People all of whose events are such.
    left_out
        Events of people whom a rule of the workspace leaves out.
    """

    events: int = 0
    without: int = 0
    people_without: int = 0
    left_out: int = 0

    def __add__(self, other: Belonging) -> Belonging:
        return Belonging(
            self.events + other.events,
            self.without + other.without,
            self.people_without + other.people_without,
            self.left_out + other.left_out,
        )


@dataclass(frozen=True)
class EntityCost:
    """What the shard set of an entity would take.

    Parameters
    ----------
    name, by
        The entity, and the property whose values are its ids.
    entities, events
        How many there would be.
    without, left_out
        Events that belong to none, and events of people whom no answer counts.
    bytes, seconds
        Room on the disk, and time, roughly.
    exact
        Whether every event was counted; else these are from a sample of whole people.
    """

    name: str
    by: str
    entities: int
    events: int
    without: int
    left_out: int
    bytes: int
    seconds: int
    exact: bool


@dataclass(frozen=True)
class EntitySet:
    """A shard set as it lies on the disk, beside its manifest.

    Parameters
    ----------
    id
        Its name; two sets of one name say the same.
    by, home, since, rules
        What it was made of: the property, the snapshot of people, the snapshot since which events only came in, and
        what tells the rules apart by which people are left out.
    seq, all_events
        The last event of that snapshot, and how many events of everybody that held.
    entities, belonging, bytes
        What it holds.
    excluded
        How many people each rule left out, and how many never named an entity.
    built_at
        ISO 8601 in UTC.
    """

    id: str
    by: str
    home: str
    since: str
    rules: str
    seq: int
    all_events: int
    entities: int
    belonging: Belonging
    bytes: int
    built_at: str
    excluded: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class EntityStanding:
    """A declared entity as it stands.

    Parameters
    ----------
    declared
        What was declared.
    built
        Its newest shard set; null while there is none.
    stale
        Why no answer may be had of it until it is built anew; null while it may be asked.
    behind
        How many events came in since; they count with the next import, undo or rebuild.
    """

    declared: Declared
    built: EntitySet | None
    stale: str | None
    behind: int

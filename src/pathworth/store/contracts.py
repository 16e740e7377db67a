"""What the store hands upward: snapshots of shards, and their columns, as plain arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pathworth.base.segments import Segment

GROUPS = 64
"""Groups of entities for ever: the top 6 bits of the 64-bit hash of the entity's id."""

Kind = Literal["text", "number", "money", "flag", "time"]


@dataclass(frozen=True)
class ColumnInfo:
    """What a property column holds.

    ``text``: unsigned codes, 0 is null, code k is ``values[k - 1]``. ``number``: float64, NaN is null.
    ``money``: int64 micro-units, 0 where nothing was paid. ``flag``: uint8, 0 false, 1 true, 2 null.
    ``time``: int64 microseconds, the smallest int64 is null. Texts of a column that was made when it was
    asked for are read from the disk one by one, since there may be millions.
    """

    kind: Kind
    values: Sequence[str] = ()


@dataclass(frozen=True)
class OnUse:
    """A property that becomes a column when it is asked for: its kind where known, and whether it is one by now."""

    kind: Kind | None
    built: bool


class Columns(Protocol):
    """Property columns of one shard, opened (memory-mapped) when asked for by name."""

    def __getitem__(self, name: str, /) -> NDArray: ...

    def __contains__(self, name: object, /) -> bool: ...


class Persons(Protocol):
    """The person of every raw id, as of a number of changes of the links between ids."""

    change: int

    def of(self, ids: pa.Array, /) -> pa.Array:
        """Return the person of each raw id: the smallest of that person's ids."""
        ...

    def one(self, id_: str, /) -> str:
        """Return the person of one raw id."""
        ...

    def ids_of(self, person: str, /) -> tuple[str, ...]:
        """Return every raw id of a person, by whichever of them."""
        ...

    def members(self, persons: pa.Array, /) -> pa.Array:
        """Return the raw ids that some persons stand for, those persons themselves apart."""
        ...


@dataclass(frozen=True)
class Shard:
    """Whole entities of one shard, group by group, each entity's events by ``(time_us, seq)``.

    Parameters
    ----------
    group_start
        int64[65]: the entities of group g are ``group_start[g]`` up to ``group_start[g + 1]``.
    offset
        int64[n_entity + 1]: the events of entity e are ``offset[e]`` up to ``offset[e + 1]``.
    name
        uint16 or uint32[n_event]: code of the event's name in ``Snapshot.names``.
    time_us
        int64[n_event]: microseconds since 1970 UTC.
    seq
        uint32 or int64[n_event]: the dense number that the event got when it was accepted.
    columns
        Promoted properties by name, [n_event] each; money is always there as ``value`` and ``cost``.
    traits
        The last non-null value of each promoted text, number or flag property, [n_entity] each.
    ids
        Raw entity ids in UTF-8: ``id_bytes[id_offset[e]:id_offset[e + 1]]``.
    """

    group_start: NDArray[np.int64]
    offset: NDArray[np.int64]
    name: NDArray
    time_us: NDArray[np.int64]
    seq: NDArray
    columns: Columns
    traits: Columns
    id_offset: NDArray[np.int64]
    id_bytes: NDArray[np.uint8]

    @property
    def entities(self) -> int:
        """Return how many entities the shard holds."""
        return len(self.offset) - 1

    @property
    def events(self) -> int:
        """Return how many events the shard holds."""
        return len(self.name)

    def with_columns(self, *, columns: Columns, traits: Columns) -> Shard:
        """Return the shard with other columns and traits."""
        return replace(self, columns=columns, traits=traits)

    def id_of(self, entity: int) -> str:
        """Return the raw id of an entity by its place in the shard."""
        return bytes(self.id_bytes[self.id_offset[entity] : self.id_offset[entity + 1]]).decode()


@dataclass(frozen=True)
class Hidden:
    """Entities that no answer counts.

    Parameters
    ----------
    masks
        uint8[n_entity] per shard: 1 for one that is left out.
    entities, events
        How many they are, and how many events they have.
    key
        What tells this choice apart from another one of the same snapshot.
    """

    masks: tuple[NDArray[np.uint8], ...]
    entities: int
    events: int
    key: str


@dataclass(frozen=True)
class Replaced:
    """Entities whose whole journey lies in a later shard, or nowhere any more: where they lay, nobody counts them.

    Parameters
    ----------
    masks
        uint8[n_entity] per shard: 1 for one that is replaced; an empty array for a shard without any.
    entities, events
        How many they are, and how many events lie there.
    """

    masks: tuple[NDArray[np.uint8], ...]
    entities: int
    events: int


@dataclass(frozen=True)
class Snapshot:
    """One whole, unchanging state of the journeys: what every answer names in ``as_of``.

    Parameters
    ----------
    id
        Name of the snapshot, unique in its workspace; behind a dot the number of the change of the links between ids
        that it holds, where there are any.
    seq
        Every event numbered up to here is in it.
    names
        Event names by code, append-only over snapshots.
    columns, traits
        What each property holds, by name; dictionaries are shared by all shards. Walking through them gives
        the promoted ones alone, so that no search depends on what was asked before; by its name any other
        property of the data is there too, and becomes a column when it is first asked for.
    on_use
        Those other properties.
    first_us, last_us
        Time of the first and last event; both 0 when there is none.
    excluded
        How many people each rule of the workspace leaves out, by the rule's name.
    hidden
        Those people; null when nobody is left out. The shards hold them all the same.
    replaced
        Whom a later shard holds with newer events; null when everybody lies in one place.
    segments
        The saved predicates over people, by name, that ``in_segment`` may name.
    persons
        Which raw ids are whose; null where an entity is its own id.
    masked
        Personal columns that whoever asks may not ask for: ``columns`` and ``traits`` are without them, and their texts
        are masked ones, for lists and timelines alone.
    """

    id: str
    seq: int
    shards: tuple[Shard, ...]
    names: tuple[str, ...]
    columns: Mapping[str, ColumnInfo]
    traits: Mapping[str, ColumnInfo]
    first_us: int = 0
    last_us: int = 0
    timezone: str = "UTC"
    currency: str = "EUR"
    excluded: Mapping[str, int] = field(default_factory=dict)
    hidden: Hidden | None = None
    replaced: Replaced | None = None
    segments: tuple[Segment, ...] = ()
    on_use: Mapping[str, OnUse] = field(default_factory=dict)
    persons: Persons | None = None
    masked: Mapping[str, ColumnInfo] = field(default_factory=dict)

    @property
    def links(self) -> int:
        """Return the number of the change of the links that it holds; 0 where there are none."""
        return 0 if self.persons is None else self.persons.change

    @property
    def home(self) -> str:
        """Return the name of the shards that it stands on."""
        return self.id.partition(".")[0]

    @cached_property
    def places(self) -> dict[int, int]:
        """Return the place of each shard by its identity."""
        return {id(shard): place for place, shard in enumerate(self.shards)}

    def person_of(self, id_: str) -> str:
        """Return the id under which the shards hold whoever bears a raw id."""
        return id_ if self.persons is None else self.persons.one(id_)

    def persons_of(self, ids: Sequence[str]) -> tuple[str, ...]:
        """Return the ids under which the shards hold whoever bears some raw ids, each once, in their order."""
        if self.persons is None or not ids:
            return tuple(dict.fromkeys(ids))
        found: list[str] = self.persons.of(pa.array(ids, pa.large_string())).to_pylist()
        return tuple(dict.fromkeys(found))

    def persons_by(self, ids: Sequence[str]) -> dict[str, str]:
        """Return the id under which the shards hold whoever bears each of some raw ids."""
        if self.persons is None or not ids:
            return {one: one for one in ids}
        found = self.persons.of(pa.array(ids, pa.large_string())).to_pylist()
        return dict(zip(ids, found, strict=True))

    def ids_of(self, person: str) -> tuple[str, ...]:
        """Return every raw id of a person, by whichever of them."""
        return (person,) if self.persons is None else self.persons.ids_of(person)

    @property
    def events(self) -> int:
        """Return how many events there are, those of hidden entities apart."""
        every = sum(shard.events for shard in self.shards)
        return every - sum(one.events for one in (self.hidden, self.replaced) if one)

    @property
    def entities(self) -> int:
        """Return how many entities there are, the hidden ones apart."""
        every = sum(shard.entities for shard in self.shards)
        return every - sum(one.entities for one in (self.hidden, self.replaced) if one)

    def left_out(self, place: int) -> NDArray[np.uint8]:
        """Return uint8[n_entity]: 1 for who is hidden or replaced in a shard; an empty array where nobody is."""
        both = [one.masks[place] for one in (self.hidden, self.replaced) if one]
        masks = [mask for mask in both if mask.size]
        return masks[0] | masks[-1] if masks else np.empty(0, np.uint8)

    def live(self, place: int) -> NDArray[np.bool_]:
        """Return bool[n_entity]: which entities of a shard, by its place, lie in no later one."""
        mask = np.empty(0, np.uint8) if self.replaced is None else self.replaced.masks[place]
        live: NDArray[np.bool_] = mask == 0
        return live if live.size else np.ones(self.shards[place].entities, dtype=np.bool_)

    def lives(self, place: int, entity: int) -> bool:
        """Return whether one entity of a shard, by its place, lies in no later one."""
        mask = None if self.replaced is None else self.replaced.masks[place]
        return mask is None or not mask.size or mask[entity] == 0

    def shown(self, place: int) -> NDArray[np.bool_]:
        """Return bool[n_entity]: which entities of a shard, by its place, are neither hidden nor replaced."""
        shown: NDArray[np.bool_] = self.left_out(place) == 0
        return shown if shown.size else np.ones(self.shards[place].entities, dtype=np.bool_)

    def shown_events(self, place: int) -> NDArray[np.bool_] | slice:
        """Return what picks the events of a shard, by its place, that belong to somebody who is shown."""
        if not self.left_out(place).size:
            return slice(None)
        return np.repeat(self.shown(place), np.diff(self.shards[place].offset))


@dataclass(frozen=True)
class InputFile:
    """A file that an import reads: its path as given, the SHA-256 of its bytes in hex, and its size."""

    path: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class ImportedFile:
    """A file of a committed import: rows read without error (accepted or repeated), rows rejected.

    A ``skipped`` file was not read, since it had been imported before byte for byte.
    """

    path: str
    sha256: str
    bytes: int
    rows: int
    rejected: int
    skipped: bool = False


@dataclass(frozen=True)
class ImportResult:
    """What became of an import.

    Parameters
    ----------
    import_id
        Its number in the workspace.
    accepted, rejected, duplicates
        Rows that became events, that could not be read, and that repeat an event accepted earlier.
    conflicting
        How many of the duplicates carry the id of an earlier event and say something else.
    entities, events, from_us, to_us
        What the workspace holds since: entities, events, time of the first and of the last one (0 when none).
    """

    import_id: int
    accepted: int
    rejected: int
    duplicates: int
    conflicting: int
    entities: int
    events: int
    from_us: int
    to_us: int


@dataclass(frozen=True)
class ImportRecord:
    """An import as it is remembered.

    Parameters
    ----------
    result, source, files
        What became of its rows, and where they came from.
    committed_at, undone_at
        ISO 8601 in UTC; ``undone_at`` is null while the import stands.
    author, undone_by
        Who imported it and who took it back, where that is known.
    shadowed
        Rows kept aside because another import holds their event; they come in when that one is undone.
    kind
        ``events``, or ``daily`` for numbers by the day.
    """

    result: ImportResult
    source: str
    committed_at: str
    files: tuple[ImportedFile, ...]
    author: str | None = None
    shadowed: int = 0
    undone_at: str | None = None
    undone_by: str | None = None
    kind: str = "events"


@dataclass(frozen=True)
class Undone:
    """What undoing an import does, or would do.

    Parameters
    ----------
    import_id, removed
        The import, and its events, which go.
    restored
        Events among them that another import holds too, and which come back as that import's.
    events, entities
        What the workspace holds afterwards; null while it has not been done.
    daily, daily_restored
        Its numbers by the day, which go, and those of them for which an older word of another import comes back.
    """

    import_id: int
    removed: int
    restored: int
    events: int | None = None
    entities: int | None = None
    daily: int = 0
    daily_restored: int = 0

"""What the store hands upward: snapshots of shards, and their columns, as plain arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

GROUPS = 64
"""Groups of entities for ever: the top 6 bits of the 64-bit hash of the entity's id."""

Kind = Literal["text", "number", "money", "flag", "time"]


@dataclass(frozen=True)
class ColumnInfo:
    """What a property column holds.

    ``text``: unsigned codes, 0 is null, code k is ``values[k - 1]``. ``number``: float64, NaN is null.
    ``money``: int64 micro-units, 0 where nothing was paid. ``flag``: uint8, 0 false, 1 true, 2 null.
    ``time``: int64 microseconds, the smallest int64 is null.
    """

    kind: Kind
    values: tuple[str, ...] = ()


class Columns(Protocol):
    """Property columns of one shard, opened (memory-mapped) when asked for by name."""

    def __getitem__(self, name: str, /) -> NDArray: ...

    def __contains__(self, name: object, /) -> bool: ...


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
        int64[n_event]: the dense number that the event got when it was accepted.
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
    seq: NDArray[np.int64]
    columns: Columns
    traits: Columns
    id_offset: NDArray[np.int64]
    id_bytes: NDArray[np.uint8]

    @property
    def entities(self) -> int:
        """Return how many entities the shard holds."""
        return len(self.offset) - 1

    def id_of(self, entity: int) -> str:
        """Return the raw id of an entity by its place in the shard."""
        return bytes(self.id_bytes[self.id_offset[entity] : self.id_offset[entity + 1]]).decode()


@dataclass(frozen=True)
class Snapshot:
    """One whole, unchanging state of the journeys: what every answer names in ``as_of``.

    Parameters
    ----------
    id
        Name of the snapshot, unique in its workspace.
    seq
        Every event numbered up to here is in it.
    names
        Event names by code, append-only over snapshots.
    columns, traits
        What each promoted property holds, by name; dictionaries are shared by all shards.
    first_us, last_us
        Time of the first and last event; both 0 when there is none.
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

    @property
    def events(self) -> int:
        """Return how many events the snapshot holds."""
        return sum(len(shard.name) for shard in self.shards)

    @property
    def entities(self) -> int:
        """Return how many entities the snapshot holds."""
        return sum(shard.entities for shard in self.shards)


@dataclass(frozen=True)
class InputFile:
    """A file that an import reads: its path as given, the SHA-256 of its bytes in hex, and its size."""

    path: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class ImportedFile:
    """A file of a committed import: rows read without error (accepted or repeated), rows rejected."""

    path: str
    sha256: str
    bytes: int
    rows: int
    rejected: int


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
    """An import as it is remembered; ``committed_at`` is ISO 8601 in UTC."""

    result: ImportResult
    source: str
    committed_at: str
    files: tuple[ImportedFile, ...]


@dataclass(frozen=True)
class MapRevision:
    """One revision of a map's document; ``created_at`` is ISO 8601 in UTC."""

    name: str
    revision: int
    document: str
    author: str
    created_at: str


@dataclass(frozen=True)
class ArrivedEvent:
    """One event that was handed in and numbered, before the next snapshot holds it.

    Parameters
    ----------
    seq
        Its dense number; the snapshot that holds it has a ``seq`` at or above this.
    source, message_id
        Together its identity.
    entity
        Raw id of the person.
    name
        The event's name.
    time_us
        When it happened, microseconds since 1970 UTC.
    properties
        Everything else that was said, as text; an account stands under ``account_id``.
    value
        Net money in micro-units of the workspace's currency; null when none was said.
    """

    seq: int
    source: str
    message_id: str
    entity: str
    name: str
    time_us: int
    properties: Mapping[str, str] = field(default_factory=dict)
    value: int | None = None


@dataclass(frozen=True)
class Decision:
    """One row of the ledger: what was decided for one person by one program, and what became of it.

    Parameters
    ----------
    id
        Its number in the ledger.
    key
        Unique: the same occasion is never decided twice.
    program, revision
        The program's document that decided.
    entity, unit
        The person, and whom the arm belongs to: the account where there is one, else the person.
    arm
        Whether the unit is treated by this program or held out, for ever.
    trigger_seq, trigger_us
        The event that gave the occasion, and when it happened.
    decided_us
        When it was decided.
    action, reasons
        ``send`` or ``nothing``; codes of every reason that applied, the first one being said first.
    channel, address
        How and where a message goes; null when none does.
    state
        ``none`` when nothing is sent; else ``decided``, ``sending``, ``delivered``, ``failed`` or ``unknown``.
    settled_us, answer
        When the state last changed, and what the other side said.
    """

    id: int
    key: str
    program: str
    revision: int
    entity: str
    unit: str
    arm: Literal["treated", "held out"]
    trigger_seq: int
    trigger_us: int
    decided_us: int
    action: Literal["send", "nothing"]
    reasons: tuple[str, ...]
    channel: str | None
    address: str | None
    state: Literal["none", "decided", "sending", "delivered", "failed", "unknown"]
    settled_us: int | None = None
    answer: str | None = None

"""What arrives: batches as they were handed in, what they say once they are read, and the events that they become."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


@dataclass(frozen=True)
class HandedIn:
    """One batch that was accepted.

    Parameters
    ----------
    body
        The bytes as they came.
    protocol
        In which form its sender speaks.
    about
        What else is known of the request, as text of whoever reads it.
    key
        Name of the key that it came with.
    received_us
        When it came, microseconds since 1970 UTC.
    """

    body: bytes
    protocol: str = "plain"
    about: str = ""
    key: str = ""
    received_us: int = 0


UNREAD = pa.schema(
    [
        ("batch", pa.int64()),
        ("row", pa.int64()),
        ("code", pa.string()),
        ("reason", pa.string()),
        ("raw", pa.string()),
        ("protocol", pa.string()),
        ("source", pa.string()),
    ]
)
"""What could not be read of batches: the columns of ``ReadEvents.rejects``."""
LINKS = pa.schema(
    [
        ("batch", pa.int64()),
        ("one", pa.string()),
        ("other", pa.string()),
        ("at_us", pa.int64()),
        ("rule", pa.string()),
        ("sure", pa.float64()),
        ("source", pa.string()),
    ]
)
"""Which ids are one: the columns of ``ReadEvents.links``."""
FACTS = pa.schema(
    [
        ("batch", pa.int64()),
        ("account", pa.string()),
        ("kind", pa.string()),
        ("name", pa.string()),
        ("value", pa.string()),
        ("once", pa.bool_()),
        ("at_us", pa.int64()),
        ("source", pa.string()),
    ]
)
"""What is said of accounts themselves: the columns of ``ReadEvents.facts``; a null value takes a trait back."""


@dataclass(frozen=True)
class ReadEvents:
    """What several batches say.

    Parameters
    ----------
    events
        The columns that ``ImportTransaction.add`` takes and ``source``; ``row`` is the place in the batch.
    batch
        int64[n]: which of the batches each event is of, never falling.
    hashed
        bool[n]: whether its digest is that of all that it says, so that identical ones of a batch are told apart.
    rejects
        What could not be read: ``batch`` as above, ``row``, ``code``, ``reason``, ``raw``; and where it is not the
        batch's, in which ``protocol`` that text stands, and of which ``source`` it is.
    names
        Under which name each property is kept, those added that these batches are the first to speak of.
    links
        Which ids are one person, as the batches say: the columns of ``LINKS``, ``batch`` as above.
    facts
        What the batches say of accounts: the columns of ``FACTS``, ``batch`` as above.
    """

    events: pa.Table
    batch: NDArray[np.int64]
    hashed: NDArray[np.bool_]
    rejects: pa.Table
    names: Mapping[str, str] = field(default_factory=dict)
    links: pa.Table = field(default_factory=LINKS.empty_table)
    facts: pa.Table = field(default_factory=FACTS.empty_table)


Read = Callable[[Sequence[HandedIn], Mapping[str, str]], ReadEvents]
"""Reads batches, told how properties are called so far; one that is none at all is a reject at row 0."""


@dataclass(frozen=True)
class ArrivedEvent:
    """One event that was handed in and numbered, before the next snapshot holds it.

    Parameters
    ----------
    seq
        Its dense number; the snapshot that holds it has a ``seq`` at or above this.
    source, message_id
        Together its identity.
    entity, name
        Raw id of the person, and the event's name.
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
class BatchOutcome:
    """What became of one accepted batch; ``seq`` is its last new event, null when nothing was new."""

    accepted: int
    duplicates: int
    conflicting: int
    rejected: int
    seq: int | None


@dataclass(frozen=True)
class Quarantined:
    """Part of a batch that could not be read: where it stood, when it came, from whom, why, and its text.

    ``protocol`` is the form of that text; in the plain form ``source`` says where it came from.
    """

    id: int
    batch: int
    position: int
    key: str
    received_us: int
    code: str
    reason: str
    raw: str
    protocol: str = "plain"
    source: str = ""

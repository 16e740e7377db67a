"""Rows of the lake as codes: what is noted of all of them, and what is set aside of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pathworth.store.arrays import MONEY, code_type, seq_type
from pathworth.store.aside.blocks import one
from pathworth.store.identity.persons import NOBODY_JOINED, Persons
from pathworth.store.shards.columns import NOTHING, PropertyColumn, Said, carried, chosen
from pathworth.store.shards.dictionaries import Dictionary
from pathworth.store.texts import encoded


@dataclass(frozen=True)
class Plan:
    """What a build starts from.

    Parameters
    ----------
    snapshot_id
        Name of the snapshot that is made.
    names
        Event names that have codes already, by code.
    columns
        Columns that may be promoted, the likeliest first.
    shards
        How many shards, a power of two; changes no answer.
    rows
        How many rows come.
    timezone, currency
        Of the workspace.
    properties
        Lake column of every property that some row holds.
    persons
        Whose each raw id of a row is.
    """

    snapshot_id: str
    names: Sequence[str]
    columns: Sequence[PropertyColumn]
    shards: int
    rows: int
    timezone: str
    currency: str
    properties: Mapping[str, str] = field(default_factory=dict)
    persons: Persons = NOBODY_JOINED


@dataclass(frozen=True)
class Look:
    """What a build must have seen of rows before the first of them can be laid out.

    Parameters
    ----------
    rows
        How many there are.
    seq, first_us, last_us
        The largest number, the earliest time and the latest.
    names
        Their event names, each once.
    said
        What they say of each property, by lake column.
    """

    rows: int
    seq: int
    first_us: int
    last_us: int
    names: pa.Array
    said: Mapping[str, Said]

    def bare(self) -> Look:
        """Return it without what each single row says."""
        return replace(self, said={name: replace(s, codes=None) for name, s in self.said.items()})


@dataclass(frozen=True)
class Rows:
    """Rows of the lake, their texts encoded: ``entity`` and ``name`` are int32[n] places in ``ids``, ``look.names``."""

    look: Look
    ids: pa.Array
    entity: NDArray[np.int32]
    name: NDArray[np.int32]
    time_us: NDArray[np.int64]
    seq: NDArray[np.int64]
    money: Mapping[str, NDArray[np.int64]]

    @classmethod
    def of(cls, part: pa.Table, properties: Collection[str]) -> Rows:
        """Return the rows of a part of the lake, which has at least one, with the lake columns of some properties."""
        held = {name: one(part[name]) for name in part.column_names}
        ids, entity = encoded(held["entity"])
        names, name = encoded(held["name"])
        time_us = held["time"].cast(pa.int64()).to_numpy()
        seq = held["seq"].to_numpy()
        money = {one: pc.fill_null(held[one], 0).to_numpy(zero_copy_only=False) for one in MONEY}
        said = {lake: Said.of(held.get(lake)) for lake in properties}
        spans = int(seq.max()), int(time_us.min()), int(time_us.max())
        return cls(Look(len(part), *spans, names, said), ids, entity, name, time_us, seq, money)


class Coding:
    """Codes the rows of the lake; all codes are the same whoever noted the rows, as long as in their order."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.names = plan, Dictionary(plan.names)
        self.rows = self.seq = 0
        self.first_us, self.last_us = 2**63 - 1, -(2**63)

    @property
    def asked(self) -> list[str]:
        """Return the lake columns of properties that may become columns still."""
        return [column.lake for column in self.plan.columns if not column.dropped]

    def note(self, look: Look) -> None:
        """Take note of rows, in the order of the lake."""
        self.names.codes(look.names)
        self.rows += look.rows
        self.seq = max(self.seq, look.seq)
        self.first_us = min(self.first_us, look.first_us)
        self.last_us = max(self.last_us, look.last_us)
        for column in self.plan.columns:
            said = look.said.get(column.lake, NOTHING)
            column.note(said, look.rows, timezone=self.plan.timezone)

    def coded(self, rows: Rows) -> dict[str, NDArray]:
        """Return the columns to be set aside of rows that were noted."""
        look, zone = rows.look, self.plan.timezone
        found = {
            "name": self.names.codes(look.names)[rows.name].astype(code_type(len(self.names))),
            "time_us": rows.time_us,
            "seq": rows.seq.astype(seq_type(look.seq), copy=False),
            **rows.money,
        }
        for column in self.plan.columns:
            values = column.coded(look.said.get(column.lake, NOTHING), look.rows, timezone=zone)
            if values is not None:
                found[column.key] = values
        return found

    def columns(self) -> tuple[list[PropertyColumn], int]:
        """Return the columns of the shards, now that every row was noted, and how many of the first are promoted."""
        promoted = chosen(self.plan.columns)
        return [*promoted, *carried(self.plan.columns, promoted)], len(promoted)

    @property
    def currency(self) -> str:
        """Return the one currency of all events, or the workspace's when there are several."""
        for column in self.plan.columns:
            if column.lake == "currency" and len(column.dictionary) == 1:
                return str(column.dictionary.values()[0])
        return self.plan.currency

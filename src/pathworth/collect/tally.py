"""What is counted while files are read: rows taken and refused, why, whose they are, from when to when."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pathworth.base.errors import BadInput
from pathworth.base.money import from_micro
from pathworth.collect.contracts import MappedRow, Reason, iso_text
from pathworth.collect.map_rows import Mapped
from pathworth.collect.rules import MOST
from pathworth.store import hash64

SHOWN = 5
_FIXED = 10
"""The first columns of a batch of events are those of the store, properties follow."""


@dataclass
class Tally:
    """Counts of the batches seen so far; ``people`` are hashes of entities, for a dry run."""

    accepted: int = 0
    rejected: int = 0
    from_us: int | None = None
    to_us: int | None = None
    codes: dict[str, int] = field(default_factory=dict)
    first: dict[str, str] = field(default_factory=dict)
    sample: list[MappedRow] = field(default_factory=list)
    people: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, dtype=np.uint64))

    def see(self, mapped: Mapped, name: str) -> None:
        """Count a batch of the file of that name."""
        events, rejects = mapped.events, mapped.rejects
        self.accepted += events.num_rows
        self.rejected += rejects.num_rows
        if events.num_rows:
            times = events["time_us"].to_numpy()
            low, high = int(times.min()), int(times.max())
            self.from_us = low if self.from_us is None else min(low, self.from_us)
            self.to_us = high if self.to_us is None else max(high, self.to_us)
        codes = rejects["code"]
        for entry in codes.value_counts().to_pylist():
            code = entry["values"]
            self.codes[code] = self.codes.get(code, 0) + entry["counts"]
            if code not in self.first:
                place = codes.index(code).as_py()
                row = rejects["row"][place].as_py()
                self.first[code] = f"{name}, row {row}: {rejects['reason'][place].as_py()}"

    def look(self, mapped: Mapped) -> None:
        """Remember whose events a batch holds, and the first rows, for a dry run."""
        found = np.unique(hash64(mapped.events["entity"]))
        self.people = np.union1d(self.people, found)
        for row in mapped.events.slice(0, max(SHOWN - len(self.sample), 0)).to_pylist():
            self.sample.append(_shown(row))

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why rows were refused, the commonest first."""
        rows = sorted(self.codes.items(), key=lambda row: (-row[1], row[0]))
        return tuple(Reason(code, count, self.first[code]) for code, count in rows)

    def add_reasons(self, other: Tally) -> None:
        """Add the reasons of another import."""
        for code, count in other.codes.items():
            self.codes[code] = self.codes.get(code, 0) + count
            self.first.setdefault(code, other.first[code])


def check_share(file: str, tally: Tally, *, accepted: int, rejected: int) -> None:
    """Refuse a file most of whose rows are refused.

    Parameters
    ----------
    file
        Its name.
    tally
        Counts after it.
    accepted, rejected
        Counts before it.

    Raises
    ------
    BadInput
        ``MOSTLY_REJECTED`` with the commonest reasons, or ``EMPTY_FILE``.
    """
    good, bad = tally.accepted - accepted, tally.rejected - rejected
    if good + bad == 0:
        raise BadInput("EMPTY_FILE", f"{file} holds no rows.", "Export it again.")
    if good and bad <= MOST * (good + bad):
        return
    said = "; ".join(f"{r.code}: {r.rows:,} rows, first {r.first}" for r in tally.reasons[:3])
    raise BadInput(
        "MOSTLY_REJECTED",
        f"{bad:,} of {good + bad:,} rows of {file} cannot be read, so nothing was imported. {said}",
        "Check with --dry-run that the columns and the time format are the right ones.",
    )


def _shown(row: dict[str, object]) -> MappedRow:
    def money(name: str) -> float | None:
        value = row[name]
        return from_micro(value) if isinstance(value, int) else None

    time = row["time_us"]
    properties = [(k, str(v)) for k, v in list(row.items())[_FIXED:] if v is not None]
    return MappedRow(
        entity=str(row["entity"]),
        event=str(row["name"]),
        time=iso_text(time if isinstance(time, int) else None) or "",
        value=money("value"),
        cost=money("cost"),
        currency=None if row["currency"] is None else str(row["currency"]),
        properties=tuple(properties),
    )

"""Values by which an answer is broken down: the commonest twenty, the rest together, and null."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.base.errors import UnknownName
from pathworth.journeys import Engine, Field, Journeys, Lane, Part, state_lane, trait_of
from pathworth.measure.cells import of_part

MOST = 20
OTHER = "other"


@dataclass(frozen=True)
class Split:
    """How the codes of a column fall into parts.

    Parameters
    ----------
    field
        The column or trait.
    part_of
        uint8[codes there are]: the part of each code.
    labels
        Value of each part; null for what is not known.
    others
        For each part how many values it joins, null for a part of one.
    """

    field: Field
    part_of: NDArray[np.uint8]
    labels: tuple[str | None, ...]
    others: tuple[int | None, ...]

    @property
    def parts(self) -> int:
        """Return the number of parts."""
        return len(self.labels)

    def index(self, value: str | None) -> int | None:
        """Return the part of a value, null when no part has it."""
        return self.labels.index(value) if value in self.labels else None

    def place(self, word: str) -> int:
        """Return the part that a cell names, written as ``cells.of_part`` does.

        Raises
        ------
        UnknownName
            ``UNKNOWN_CELL`` with near names.
        """
        written = [
            of_part(value, joins=n) for value, n in zip(self.labels, self.others, strict=True)
        ]
        if word not in written:
            raise UnknownName.near("cell", word, written)
        return written.index(word)


def split_by(field: Field, counts: NDArray) -> Split:
    """Choose the parts of a column from how often each of its codes occurs, int[codes there are]."""
    words = field.words
    seen = [code for code, word in enumerate(words) if word is not None and counts[code] > 0]
    seen.sort(key=lambda code: (-int(counts[code]), str(words[code])))
    chosen = sorted(seen[:MOST], key=lambda code: str(words[code]))
    rare = len(seen) - len(chosen)
    labels: list[str | None] = [words[code] for code in chosen]
    part_of = np.full(len(words), len(chosen), np.uint8)
    part_of[chosen] = np.arange(len(chosen))
    if rare:
        labels.append(OTHER)
    null = words.index(None) if None in words else None
    if null is not None:
        part_of[null] = len(labels)
        labels.append(None)
    joined = [rare if rare and place == len(chosen) else None for place in range(len(labels))]
    return Split(field, part_of, tuple(labels), tuple(joined))


@dataclass(frozen=True)
class ByValue:
    """Entities with a kept event by code of a trait, int64[codes there are]."""

    field: Field
    until_us: int | None

    def fold(self, part: Part) -> NDArray[np.int64]:
        """Count the entities, or units, of a part."""
        lane = state_lane(part)
        codes = lane.of_units(trait_of(part, self.field, until_us=self.until_us))
        return np.bincount(codes[lane.kept_units()], minlength=len(self.field.words)).astype(
            np.int64
        )

    def merge(self, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
        """Add two counts."""
        return left + right


@dataclass(frozen=True)
class Parts:
    """The parts that entities fall into by their last known value of a trait: a split, as of an instant."""

    split: Split
    until_us: int | None

    def place(self, word: str) -> int:
        """Return the part that a cell names; raises as ``Split.place``."""
        return self.split.place(word)

    def of(self, part: Part, lane: Lane) -> NDArray[np.uint8]:
        """Return uint8[n]: the part of each entity, or unit, of a lane."""
        return lane.of_units(self.of_entities(part))

    def of_entities(self, part: Part) -> NDArray[np.uint8]:
        """Return uint8[n]: the part of each entity."""
        codes = trait_of(part, self.split.field, until_us=self.until_us)
        found: NDArray[np.uint8] = self.split.part_of[codes]
        return found


def parts_by(journeys: Journeys, field: Field | None, *, engine: Engine) -> Parts | None:
    """Return the parts of a selection by a trait: its commonest values; null without a trait."""
    if field is None:
        return None
    counts = engine.total(journeys, ByValue(field, journeys.until_us))
    return Parts(split_by(field, counts), journeys.until_us)

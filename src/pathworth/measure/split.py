"""Values by which an answer is broken down: the commonest twenty, the rest together, and null."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Field

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

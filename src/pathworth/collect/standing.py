"""Where the reading of an import's files stands: noted with every block, and found again after a cut."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from pathworth.collect.map_rows import RowMapper
from pathworth.collect.readers import START, Place
from pathworth.collect.tally import Tally


class _Mark(msgspec.Struct, frozen=True):
    """What must be known to read on behind a block; of rows without an id only those that came since the last."""

    file: int
    place: Place
    before: tuple[int, int]
    names: dict[str, str]
    seen: dict[str, int]
    accepted: int
    rejected: int
    from_us: int | None
    to_us: int | None
    codes: dict[str, int]
    first: dict[str, str]


@dataclass
class Standing:
    """Where reading stands.

    Parameters
    ----------
    tally
        What was counted up to here.
    file, place
        The file that is being read, by its place in the import, and where in it.
    before
        Rows accepted and rejected before that file.
    names
        Which property of that file got which name.
    seen
        How often a row of that file that lacks its id came so far, by its digest.
    """

    tally: Tally = field(default_factory=Tally)
    file: int = 0
    place: Place = START
    before: tuple[int, int] = (0, 0)
    names: Mapping[str, str] = field(default_factory=dict)
    seen: Mapping[bytes, int] = field(default_factory=dict)

    @classmethod
    def after(cls, marks: Sequence[str]) -> Standing:
        """Return where reading stands behind the blocks with these marks."""
        if not marks:
            return cls()
        found = [msgspec.json.decode(mark, type=_Mark) for mark in marks]
        last = found[-1]
        tally = Tally(
            last.accepted, last.rejected, last.from_us, last.to_us, last.codes, last.first
        )
        seen = {
            bytes.fromhex(word): number
            for mark in found
            if mark.file == last.file
            for word, number in mark.seen.items()
        }
        return cls(tally, last.file, last.place, last.before, last.names, seen)

    def turn_to(self, file: int) -> None:
        """Begin the next file."""
        if file > self.file:
            self.file, self.place, self.names, self.seen = file, START, {}, {}
        if self.place == START:
            self.before = (self.tally.accepted, self.tally.rejected)

    def mark(self, mapper: RowMapper) -> str:
        """Return where reading stands as text; what the mapper learned since the last mark goes into this one."""
        tally, seen = self.tally, {word.hex(): n for word, n in mapper.newly_seen.items()}
        mapper.newly_seen.clear()
        found = _Mark(
            self.file,
            self.place,
            self.before,
            mapper.property_names,
            seen,
            tally.accepted,
            tally.rejected,
            tally.from_us,
            tally.to_us,
            tally.codes,
            tally.first,
        )
        return msgspec.json.encode(found).decode()

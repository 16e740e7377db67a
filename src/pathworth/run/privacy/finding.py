"""Finds the cells of an answer: every record and number that counts people, and what could tell it."""

from __future__ import annotations

import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from typing import Any, Literal

from pathworth.run.privacy import shapes

How = Literal["remove", "blank", "null", "number", "above", "root"]
Name = tuple[str, str, tuple[Any, ...]]
"""Of which side of a comparison, of which part of a breakdown, and where in either."""


@dataclass(eq=False)
class Cell:
    """A record, or a number of one, that says something of people.

    Parameters
    ----------
    record
        The record, or the one that the number stands in.
    plain
        The same as JSON.
    box, key
        Where in JSON it stands.
    above
        The record that holds it.
    how
        What is done when it is left out; ``above`` takes the record with it that holds it.
    counts
        How many people, or doings of theirs, it is of.
    sums
        What it is a part of, together with other cells.
    follows
        Names of cells that it says the same of.
    """

    record: Any
    plain: Any
    box: Any
    key: Any
    above: Cell | None
    how: How
    name: Name
    counts: list[int] = field(default_factory=list)
    sums: list[tuple[Any, ...]] = field(default_factory=list)
    follows: list[Name] = field(default_factory=list)
    field: str = ""
    left_out: bool = False

    @property
    def gone(self) -> bool:
        """Return whether it, or what holds it, is left out."""
        return self.left_out or (self.above is not None and self.above.gone)

    @property
    def size(self) -> int:
        """Return the smallest number that it says of anybody."""
        return min((n for n in self.counts if n), default=0)


@dataclass(frozen=True)
class _Spot:
    """Where a record stands: the side, the part and the names on the way there, and what holds it."""

    side: str
    part: str
    path: tuple[Any, ...]
    above: Cell | None
    strict: Cell | None


class Finder:
    """Collects the cells of one answer, and whatever names a single person."""

    def __init__(self) -> None:
        self.cells: list[Cell] = []
        self.singles: list[tuple[Any, Any, Any]] = []

    def record(self, found: Any, *, box: Any, key: Any, spot: _Spot, how: How) -> Cell:
        """Collect a record, which stands in JSON at ``box[key]``, and everything in it."""
        plain = box[key]
        kind = type(found).__name__
        cell = Cell(found, plain, box, key, spot.above, how, (spot.side, spot.part, spot.path))
        cell.counts += shapes.told_counts(found)
        self.cells.append(cell)
        self._joins(cell, spot)
        inside = _Spot(
            spot.side,
            spot.part,
            spot.path,
            cell,
            cell if kind in shapes.STRICT else spot.strict,
        )
        for one in fields(found):
            self._field(cell, one.name, inside)
        if not cell.counts and hasattr(found, "value") and hasattr(found, "others"):
            # A part of a breakdown is as large as the largest that is said of it.
            mine = [one.size for one in self.cells if _within(one, cell)]
            cell.counts = [max(mine)] if mine else []
        if spot.strict is not None:
            spot.strict.counts += cell.counts
        return cell

    def _joins(self, cell: Cell, spot: _Spot) -> None:
        """Note what a record is a part of, and which others say the same."""
        side, part, path = cell.name
        base = ("sums", side, part, *path[:-1])
        kind = type(cell.record).__name__
        listed = bool(path) and isinstance(path[-1], tuple)
        if listed and kind not in shapes.NOT_ADDED:
            cell.sums.append(("list", side, part, *path[:-1], path[-1][0]))
        above = None if spot.above is None else spot.above.record
        if type(above).__name__ == "DrawnArrow":
            # The same as one of the prices, and left out with it.
            cell.name = ("", "", shapes.arrow_of(cell.record) or ())
            cell.follows.append(cell.name)
            return
        cell.sums += shapes.sums(cell.record, base, above=above)
        if part:
            cell.sums.append(("parts", side, *path))
            cell.follows.append((side, "", path))
        if not side:
            cell.follows += [("a", part, path), ("b", part, path)]
        if (arrow := shapes.arrow_of(cell.record)) is not None:
            if kind == "Arrow":
                cell.name = ("", "", (*arrow,))
            cell.follows.append(("", "", arrow))

    def _field(self, cell: Cell, name: str, spot: _Spot) -> None:
        said, key = getattr(cell.record, name), name.rstrip("_")
        if said is None or key not in cell.plain:
            return
        kind = type(cell.record).__name__
        if type(said).__name__ in shapes.NEVER:
            self.singles.append((cell.plain, key, None))
        elif is_dataclass(said) and not isinstance(said, type):
            self._inner(cell, said, name, spot)
        elif isinstance(said, Mapping):
            self._mapping(cell, said, key)
        elif isinstance(said, bool | int):
            other = name in shapes.NO_COUNTS or f"{kind}.{name}" in shapes.NO_COUNTS_OF
            if not other and not isinstance(said, bool):
                self._number(cell, name, said, spot)
        elif isinstance(said, Sequence) and not isinstance(said, str):
            self._row(cell, said, name, spot)

    def _inner(self, cell: Cell, said: Any, name: str, spot: _Spot) -> None:
        key, kind = name.rstrip("_"), type(said).__name__
        side = key if key in {"a", "b"} and type(cell.record).__name__.endswith("Diff") else ""
        inner = _Spot(spot.side or side, spot.part, spot.path, spot.above, spot.strict)
        if not side:
            inner = _Spot(
                spot.side, spot.part, (*spot.path, shapes.plain_name(key)), cell, spot.strict
            )
        how: How = "null" if _may_be_null(cell.record.__class__, name) else "above"
        if how == "above" and kind in shapes.KEPT:
            how = "blank"
        self.record(said, box=cell.plain, key=key, spot=inner, how=how)

    def _mapping(self, cell: Cell, said: Mapping[Any, Any], key: str) -> None:
        for word, n in said.items():
            if isinstance(n, int) and not isinstance(n, bool):
                one = Cell(cell.record, n, cell.plain[key], str(word), cell, "remove", cell.name)
                one.counts, one.field = [int(n)], key
                self.cells.append(one)

    def _number(self, cell: Cell, name: str, said: int, spot: _Spot) -> None:
        kind = type(cell.record).__name__
        if spot.strict is not None:
            spot.strict.counts.append(int(said))
        if spot.strict is cell or name not in shapes.PARTS.get(kind, ()):
            cell.counts.append(int(said))
            return
        self._part(cell, name, int(said), box=cell.plain, place=name)

    def _part(self, cell: Cell, name: str, said: int, *, box: Any, place: Any) -> None:
        """Collect a number that goes alone."""
        side, part, path = cell.name
        mine = (*path, (shapes.plain_name(name), place if isinstance(place, int) else ""))
        one = Cell(cell.record, said, box, place, cell, "number", (side, part, mine))
        one.counts, one.field = [said], name
        if part:
            one.sums.append(("parts", side, *path, name, place))
            one.follows.append((side, "", mine))
        kind = type(cell.record).__name__
        if name in shapes.ADDED.get(kind, ()):
            one.sums.append(("added", side, part, *path))
        if kind == "MatrixRow":
            one.sums.append(("column", side, part, *path[:-1], name, place))
        if kind == "StepFigures" and name == "leave":
            one.sums.append(("sums", side, part, *path[:-1], "out", cell.record.id))
        self.cells.append(one)

    def _row(self, cell: Cell, said: Sequence[Any], name: str, spot: _Spot) -> None:
        """Collect the records of a list, or a row of numbers."""
        key, kind = name.rstrip("_"), type(cell.record).__name__
        box = cell.plain[key]
        for place, one in enumerate(said):
            if is_dataclass(one):
                if type(one).__name__ in shapes.EMPTIED:
                    self.singles.append((cell.plain, key, []))
                    return
                self.listed(one, box=box, place=place, field=key, spot=spot)
            elif (
                isinstance(one, int)
                and not isinstance(one, bool)
                and name in shapes.PARTS.get(kind, ())
            ):
                self._part(cell, name, int(one), box=box, place=place)

    def listed(self, one: Any, *, box: Any, place: int, field: str, spot: _Spot) -> None:
        """Collect one record of a list."""
        at = shapes.key_of(one, place)
        part, path = spot.part, (*spot.path, (shapes.plain_name(field), at))
        if field == "by":
            part, path = f"{spot.part}{at}", spot.path
        how: How = "blank" if type(one).__name__ in shapes.KEPT else "remove"
        inner = _Spot(spot.side, part, path, spot.above, spot.strict)
        self.record(one, box=box, key=place, spot=inner, how=how)


def find(answer: Any, plain: Any) -> Finder:
    """Return the cells of an answer, given as it is and as JSON."""
    finder, spot = Finder(), _Spot("", "", (), None, None)
    if is_dataclass(answer):
        finder.record(answer, box=[plain], key=0, spot=spot, how="root")
    elif isinstance(answer, Sequence) and not isinstance(answer, str):
        for place, one in enumerate(answer):
            if is_dataclass(one):
                finder.listed(one, box=plain, place=place, field="rows", spot=spot)
    return finder


def _within(one: Cell, cell: Cell) -> bool:
    above = one.above
    while above is not None and above is not cell:
        above = above.above
    return above is cell


@cache
def _may_be_null(kind: type, name: str) -> bool:
    return type(None) in typing.get_args(typing.get_type_hints(kind)[name])

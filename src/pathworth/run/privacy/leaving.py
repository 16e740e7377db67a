"""Leaves small cells out of an answer, and so many others that nobody can tell them by taking away.

The rule of the fewest (a cell is left out below a threshold), then secondary suppression with the smallest other cell
of every sum, as in Hundepool et al., Statistical Disclosure Control (Wiley 2012), sections 4.2.1 and 4.3.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from pathworth.base.errors import Refused
from pathworth.base.json import to_json
from pathworth.base.seeing import fewest
from pathworth.run.privacy import shapes
from pathworth.run.privacy.finding import Cell, Name, find

_NUMBERED = re.compile(
    r"(?<![\d.,])(\d[\d,]*)(?= (?:of [\d,]+ )?(?:\w+ )?(?:people|persons?|entities|accounts|sessions|journeys|ids)\b)"
)


@dataclass(frozen=True)
class Left:
    """An answer as whoever asks may see it, as JSON, how many cells are left out of it, and below how many people.

    ``places`` says where numbers are null for it, in a list, which cannot say it itself.
    """

    plain: Any
    cells: int
    fewest: int = 0
    places: tuple[str, ...] = ()


class _Gone:
    """Stands in JSON where a number was, until it is known where that is."""


_GONE = _Gone()


def _none(said: Any) -> _Gone | None:
    """Return what takes the place of something that is left out."""
    return _GONE if isinstance(said, int | float) and not isinstance(said, bool) else None


def left_out(answer: Any) -> Left:
    """Return an answer without cells of few people, where whoever asks may not see those.

    Parameters
    ----------
    answer
        A frozen dataclass, or a sequence of such.

    Raises
    ------
    Refused
        ``TOO_FEW_PEOPLE`` where the answer itself is about few people, or lists single ones.
    """
    least, plain = fewest(), to_json(answer)
    if least < 2:
        return Left(plain, 0)
    some = answer[:1] if isinstance(answer, list | tuple) else [answer]
    if any(type(one).__name__ in shapes.SINGLE for one in some):
        raise _too_few(least)
    found = find(answer, plain)
    leaving = _Leaving(found.cells, least)
    leaving.run()
    if any(one.left_out and one.how == "root" for one in found.cells):
        raise _too_few(least)
    for box, key, instead in found.singles:
        box[key] = instead
    cells = _take_out(found.cells, least)
    places: list[str] = []
    plain = _Wording(least, places).of(plain)
    if cells and isinstance(plain, dict):
        about = {"count": cells, "fewer_than": least, "why": why(least), "places": places}
        plain["cells_left_out"] = about
    return Left(plain, cells, least, () if isinstance(plain, dict) else tuple(places))


def check_whole() -> None:
    """Refuse a form of an answer in which nothing can be left out, to whoever may see only many people together."""
    if fewest() > 1:
        raise _too_few(fewest())


def check_units(of: str, holding: str | None) -> None:
    """Refuse to count sessions and other units, of which nobody knows how few people they are of."""
    if fewest() > 1 and (holding is not None or of.startswith("session")):
        raise Refused(
            "UNITS_NOT_SHOWN",
            f"Your role is shown no number of fewer than {fewest()} people, and units may be of one person.",
            "Ask for people or a declared entity, or ask somebody with a higher role.",
        )


def why(least: int) -> str:
    """Return what stands where something is left out."""
    return f"Fewer than {least} people, or what would tell such a number."


def _too_few(least: int) -> Refused:
    return Refused(
        "TOO_FEW_PEOPLE",
        f"Your role is shown nothing that is of fewer than {least} people, and no single people.",
        "Ask of more people at once, or ask somebody with a higher role.",
    )


class _Leaving:
    """Decides which cells are left out."""

    def __init__(self, cells: Sequence[Cell], least: int) -> None:
        self.cells, self.least = cells, least
        self.named: dict[Name, list[Cell]] = defaultdict(list)
        self.sums: dict[tuple[Any, ...], list[Cell]] = defaultdict(list)
        self.inside: dict[int, list[Cell]] = defaultdict(list)
        for one in cells:
            self.named[one.name].append(one)
            self.inside[id(one.above)].append(one)
            for each in one.sums:
                self.sums[each].append(one)

    def run(self) -> None:
        """Mark small cells, then what tells them, until nothing is left to be told."""
        for one in self.cells:
            one.left_out = any(self._few(n) for n in one.counts) or self._beside(one)
        self._nested()
        before = -1
        while before != (now := sum(one.left_out for one in self.cells)):
            before = now
            for one in self.cells:
                self._spread(one)
            for some in self.sums.values():
                self._protect(some)

    def _few(self, n: int) -> bool:
        return 0 < n < self.least

    def _beside(self, one: Cell) -> bool:
        """Return whether too few are not in a part."""
        for part, whole in shapes.BESIDE.get(type(one.record).__name__, ()):
            all_ = getattr(one.record, whole)
            n = one.plain if one.field == part else getattr(one.record, part)
            mine = one.field == part or (not one.field and part not in _alone(one))
            if mine and isinstance(n, int) and isinstance(all_, int) and self._few(all_ - n):
                return True
        return False

    def _nested(self) -> None:
        """Leave out of a list whose records count some of those before what fewer than that went missing at."""
        last: dict[tuple[Any, ...], int] = {}
        for one in self.cells:
            kind = type(one.record).__name__
            if one.field or kind not in shapes.NESTED or not one.counts:
                continue
            lies = (one.name[0], one.name[1], *one.name[2][:-1], id(one.above))
            n = one.size
            if lies in last and self._few(last[lies] - n):
                one.left_out = True
            if not one.left_out and n:
                last[lies] = n

    def _spread(self, one: Cell) -> None:
        """Leave out what says the same as a cell that is left out, and what cannot stand without it."""
        if not one.left_out:
            named = (other for name in one.follows for other in self.named.get(name, ()))
            one.left_out = any(other.left_out for other in named if other is not one)
        if one.left_out and one.how == "above" and one.above is not None:
            one.above.left_out = True
        if one.left_out and one.field:
            partners = shapes.WITH.get(type(one.record).__name__, {}).get(one.field, ())
            for other in self.inside[id(one.above)] if partners else ():
                if other.field in partners:
                    other.left_out |= other.key == one.key or isinstance(other.key, str)

    def _protect(self, some: Sequence[Cell]) -> None:
        """Leave out the smallest others of a sum, until what is missing is many people and no single cell."""
        gone = [one for one in some if one.gone and one.size]
        if not gone:
            return
        rest = sorted((one for one in some if not one.gone and one.size), key=lambda one: one.size)
        for one in rest:
            if len(gone) > 1 and sum(each.size for each in gone) >= self.least:
                return
            one.left_out = True
            gone.append(one)


def _alone(one: Cell) -> tuple[str, ...]:
    return shapes.PARTS.get(type(one.record).__name__, ())


def _take_out(cells: Sequence[Cell], least: int) -> int:
    """Take out of JSON what is left out, and return how many cells that were."""
    removed: dict[int, tuple[Any, set[Any]]] = {}
    count = 0
    for one in cells:
        if not one.left_out or (one.above is not None and one.above.gone):
            continue
        count += 1
        if one.how in {"remove", "above"}:
            removed.setdefault(id(one.box), (one.box, set()))[1].add(one.key)
            _together(one, removed)
        elif one.how == "null":
            one.box[one.key] = None
        elif one.how == "blank":
            _blank(one.record, one.plain, least)
        elif one.how == "number":
            _no_number(one, least)
    _unsaid(cells)
    for box, keys in removed.values():
        for key in sorted(keys, reverse=True):
            del box[key]
    return count + _uncounted(cells)


def _together(one: Cell, removed: dict[int, tuple[Any, set[Any]]]) -> None:
    """Take the same places out of the rows of numbers that stand beside a list."""
    if type(one.record).__name__ == "Variant" and one.above is not None:
        for part in one.above.plain.get("by") or ():
            for name in ("counts", "shares", "intervals"):
                if name in part:
                    removed.setdefault(id(part[name]), (part[name], set()))[1].add(one.key)


def _no_number(one: Cell, least: int) -> None:
    """Let a number go, and what is made of it."""
    one.box[one.key] = _none(one.box[one.key])
    kind, holder = type(one.record).__name__, one.above.plain if one.above else {}
    for name in shapes.WITH.get(kind, {}).get(one.field, ()):
        if isinstance(one.key, int) and isinstance(holder.get(name), list):
            holder[name][one.key] = _none(holder[name][one.key])
        elif isinstance(holder.get(name), float | int):
            holder[name] = _GONE
    if one.field not in shapes.LOOSE and not isinstance(one.key, int):
        _no_shares(holder, least)


def _no_shares(plain: dict[str, Any], least: int) -> None:
    """Take shares, times, money and intervals out of a record."""
    for name, said in plain.items():
        row = isinstance(said, list) and bool(said) and all(isinstance(n, float) for n in said)
        if isinstance(said, float) or row:
            plain[name] = _none(said)
        elif name == "why" or (name == "words" and isinstance(said, str)):
            plain[name] = why(least)


def _blank(record: Any, plain: dict[str, Any], least: int) -> None:
    """Take every number out of a record that stays at its place."""
    kind = type(record).__name__
    for one in fields(record):
        said, name = getattr(record, one.name), one.name.rstrip("_")
        if name not in plain:
            continue
        if isinstance(said, bool) or (isinstance(said, int) and one.name in shapes.NO_COUNTS):
            continue
        if name in {"why", "words"}:
            plain[name] = why(least)
        elif isinstance(said, int | float):
            plain[name] = _GONE
        elif is_dataclass(said):
            kept = type(said).__name__ in shapes.KEPT or type(said).__name__ == "TrendWhole"
            if kept:
                _blank(said, plain[name], least)
            else:
                plain[name] = None
        elif isinstance(said, Sequence) and not isinstance(said, str):
            plain[name] = _blank_row(said, plain[name], least)
    if kind == "Trend" and plain.get("by"):
        plain["by"] = []


def _blank_row(said: Sequence[Any], plain: list[Any], least: int) -> Any:
    if said and isinstance(said[0], str):
        return plain
    if said and is_dataclass(said[0]):
        if type(said[0]).__name__ not in shapes.KEPT:
            return []
        for one, each in zip(said, plain, strict=True):
            _blank(one, each, least)
        return plain
    # A pair of numbers is an interval, and there is none.
    interval = len(said) == 2 and all(isinstance(one, float) for one in said)
    return None if interval else [_none(one) for one in said]


def _unsaid(cells: Sequence[Cell]) -> None:
    """Take out what tells a step that is left out from the next one, or levels from those above."""
    last: dict[int, Cell] = {}
    for one in cells:
        kind = type(one.record).__name__
        if one.field or one.above is None or kind not in {"FunnelStep", "StickinessLevel"}:
            continue
        before = last.get(id(one.box))
        if kind == "FunnelStep" and before is not None and before.left_out and not one.gone:
            for name in ("from_previous", "interval", "median_seconds", "median_interval"):
                if one.plain.get(name) is not None:
                    one.plain[name] = _none(one.plain[name])
        if kind == "StickinessLevel" and one.left_out:
            for each in one.box:
                each["at_least"] = _GONE
            one.above.plain.update(mean=_GONE, mean_interval=None)
        last[id(one.box)] = one


def _uncounted(cells: Iterable[Cell]) -> int:
    """Take out values of which nobody knows how many people say them; names of events stay, without numbers."""
    count = 0
    for one in cells:
        kind = type(one.record).__name__
        if kind == "ColumnRow" and one.plain["values"]:
            count += len(one.plain["values"])
            one.plain["values"] = []
        elif kind == "Choices":
            count += len(one.plain["events"])
            one.plain["events"] = [
                {"value": said.value, "count": _GONE} for said in one.record.events
            ]
    return count


@dataclass(frozen=True)
class _Wording:
    """Writes JSON anew: in its sentences no number of people is a small one, and where numbers are gone is noted."""

    least: int
    places: list[str]

    def of(self, plain: Any, *, said: bool = False, place: str = "") -> Any:
        """Return a part of an answer; ``said`` where it is a sentence."""
        if isinstance(plain, dict):
            return {
                k: self.of(v, said=k in shapes.WORDS, place=f"{place}/{k}")
                for k, v in plain.items()
            }
        if isinstance(plain, list):
            return [self.of(v, said=said, place=f"{place}/{k}") for k, v in enumerate(plain)]
        if isinstance(plain, _Gone):
            self.places.append(place)
            return None
        return _NUMBERED.sub(self._small, plain) if said and isinstance(plain, str) else plain

    def _small(self, found: re.Match[str]) -> str:
        n = int(found[1].replace(",", ""))
        return f"fewer than {self.least}" if 0 < n < self.least else found[1]

"""One number of one answer, taken apart into everything that decides it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from pathworth.base.errors import UnknownName, WrongUsage
from pathworth.base.instants import to_iso
from pathworth.base.period import FOREVER_US, Period
from pathworth.journeys import Engine, Journeys, Slicing, Step
from pathworth.measure.asking import Ask
from pathworth.measure.people import Place, people_behind

QUESTION, CELL = "question", "cell"


@dataclass(frozen=True)
class Number:
    """A number of entities: the cell of a question's answer about a selection.

    Parameters
    ----------
    journeys
        The selection.
    ask
        The question.
    cell
        The cell, as the answer writes it.
    """

    journeys: Journeys
    ask: Ask
    cell: str

    def people(self, engine: Engine) -> dict[bytes, Place]:
        """Return who the number counts, by raw id; raises ``UNKNOWN_CELL`` and as the question."""
        found = people_behind(self.journeys, self.ask, cell=self.cell, engine=engine)
        return {one.id: one for one in found}

    def parts(self) -> Mapping[str, Any]:
        """Return what decides the number, by the name that people read, in the order in which it is explained."""
        chosen = self.journeys
        asked = {
            _parameter(one.name): getattr(self.ask, one.name)
            for one in fields(self.ask)  # type: ignore[arg-type]  # every question is a dataclass
        }
        return {
            "data": chosen.snapshot.id,
            "people left out": chosen.snapshot.hidden.key if chosen.snapshot.hidden else None,
            "dates": chosen.period,
            "filter of events": chosen.where,
            "filter of people": chosen.who,
            "units": chosen.slicing,
            **asked,
            CELL: self.cell,
        }

    def taking(self, part: str, other: Number) -> Number:
        """Return this number with one part, or all parameters for the question itself, taken from another."""
        mine, theirs = self.journeys, other.journeys
        match part:
            case "data":
                hidden, left_out = mine.snapshot.hidden, mine.snapshot.excluded
                same = theirs.snapshot.id == mine.snapshot.id
                snapshot = (
                    replace(theirs.snapshot, hidden=hidden, excluded=left_out)
                    if same
                    else theirs.snapshot
                )
                return replace(self, journeys=replace(mine, snapshot=snapshot))
            case "people left out":
                hidden, left_out = theirs.snapshot.hidden, theirs.snapshot.excluded
                snapshot = replace(mine.snapshot, hidden=hidden, excluded=left_out)
                return replace(self, journeys=replace(mine, snapshot=snapshot))
            case "dates":
                return replace(self, journeys=replace(mine, period=theirs.period))
            case "filter of events":
                return replace(self, journeys=replace(mine, where=theirs.where))
            case "filter of people":
                both = replace(mine, who=theirs.who, steps=theirs.steps)
                return replace(self, journeys=both)
            case "units":
                return replace(self, journeys=replace(mine, slicing=theirs.slicing))
            case "question":
                return replace(self, ask=other.ask, cell=other.cell)
            case "cell":
                return replace(self, cell=other.cell)
        name = _field(part, other.ask)
        asked: Any = self.ask
        return replace(self, ask=replace(asked, **{name: getattr(other.ask, name)}))


def check_numbers(one: Number, other: Number) -> None:
    """Refuse two numbers that no list of people can compare.

    Raises
    ------
    WrongUsage
        ``NOT_PEOPLE`` when one counts units inside journeys and the other does not, or other units.
    """
    if (one.journeys.slicing is None) != (other.journeys.slicing is None):
        raise WrongUsage(
            "NOT_PEOPLE",
            "One number counts people and the other parts of their journeys.",
            "Ask both of people, or both of the same units.",
        )


def is_there(number: Number, engine: Engine) -> dict[bytes, Place] | None:
    """Return who a number counts; null when its answer has no such cell."""
    try:
        return number.people(engine)
    except UnknownName as error:
        if error.code != "UNKNOWN_CELL":
            raise
        return None


def shown(value: Any) -> str:
    """Return one part of a number as people read it."""
    if value is None or value == ():
        return "none"
    if isinstance(value, Period):
        begin = "the beginning" if value.from_us <= -FOREVER_US else to_iso(value.from_us)
        end = "the end" if value.to_us >= FOREVER_US else to_iso(value.to_us)
        return f"from {begin} up to {end}"
    if isinstance(value, Slicing):
        return f"units that keep {value.column}" if value.column else "sessions"
    if isinstance(value, Step):
        return value.name
    if isinstance(value, tuple):
        return ", ".join(shown(one) for one in value)
    return str(value)


def _parameter(name: str) -> str:
    return name.removesuffix("_").replace("_", " ")


def _field(part: str, ask: Ask) -> str:
    """Return the field of a question that a part names."""
    names = [one.name for one in fields(ask)]  # type: ignore[arg-type]
    return next(name for name in names if _parameter(name) == part)

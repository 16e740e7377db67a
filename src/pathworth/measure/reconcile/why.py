"""Why two numbers differ: one difference after the other is put right, and each says how far it moved the number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pathworth.journeys import AsOf, Engine, local_engine
from pathworth.measure.answers import Answer, Sheet
from pathworth.measure.asking import as_of
from pathworth.measure.people import Place
from pathworth.measure.reconcile.number import (
    QUESTION,
    Number,
    check_numbers,
    is_there,
    shown,
)

People = Mapping[bytes, Place]


@dataclass(frozen=True)
class Change:
    """One difference of definition, put right: what stood in A and in B, and who came and went with it.

    ``what`` joins several parts where the number does not exist with only one of them put right.
    """

    what: str
    a: str
    b: str
    came: int
    went: int
    number: int


@dataclass(frozen=True)
class WhyDiffer(Answer):
    """Why B is not A: the changes lead from A to B without a remainder.

    ``only_a``, ``only_b`` and ``both`` count people, who can be listed; ``words`` say the largest change.
    """

    a: int
    b: int
    only_a: int
    only_b: int
    both: int
    changes: tuple[Change, ...]
    words: str
    as_of: AsOf

    def sheet(self) -> Sheet:
        """Return one row per change."""
        first = ("A as it stands", "", "", 0, 0, self.a)
        rows = ((one.what, one.a, one.b, one.came, one.went, one.number) for one in self.changes)
        heads = ("changed", "in A", "in B", "came", "went", "number")
        return Sheet(self.words, heads, (first, *rows))

    def cells(self) -> dict[str, int]:
        """Return the three lists of people."""
        return {"only a": self.only_a, "only b": self.only_b, "both": self.both}


def why_differ(a: Number, b: Number, *, engine: Engine | None = None) -> WhyDiffer:
    """Explain two numbers down to definitions, periods, exclusions and people.

    The parts that differ are put right one after the other, from A to B, in a fixed order: data, people left out,
    dates, filters, units, parameters, cell; where the two ask another question, that comes last. The steps between
    depend on that order; where they begin and end does not.

    Parameters
    ----------
    a, b
        The two numbers.
    engine
        Where folds run; threads of this process unless given.

    Raises
    ------
    Refused
        ``UNKNOWN_CELL`` for a number that is not there, ``NOT_PEOPLE``, and as the questions.
    """
    runs = engine or local_engine()
    check_numbers(a, b)
    of_a, of_b = a.people(runs), b.people(runs)
    changes = _walk(a, b, of_a, engine=runs)
    counts = _count(of_a), _count(of_b)
    return WhyDiffer(
        counts[0],
        counts[1],
        only_a=len(of_a.keys() - of_b.keys()),
        only_b=len(of_b.keys() - of_a.keys()),
        both=len(of_a.keys() & of_b.keys()),
        changes=changes,
        words=_words(counts[0], counts[1], changes),
        as_of=as_of(b.journeys),
    )


def listed(a: Number, b: Number, *, which: str, engine: Engine) -> list[Place]:
    """Return the people of ``only a``, ``only b`` or ``both``, by rising id."""
    of_a, of_b = a.people(engine), b.people(engine)
    match which:
        case "only a":
            found, ids = of_a, of_a.keys() - of_b.keys()
        case "only b":
            found, ids = of_b, of_b.keys() - of_a.keys()
        case _:
            found, ids = of_b, of_a.keys() & of_b.keys()
    return [found[one] for one in sorted(ids)]


def _walk(a: Number, b: Number, of_a: People, *, engine: Engine) -> tuple[Change, ...]:
    """Put every difference right, from A to B."""
    changes: list[Change] = []
    here, people, waiting = a, of_a, list[str]()
    for part in _differing(a, b):
        here, waiting = here.taking(part, b), [*waiting, part]
        found = is_there(here, engine)
        if found is None:
            continue
        changes.append(_change(waiting, pair=(a, b), before=people, after=found))
        people, waiting = found, []
    return tuple(changes)


def _differing(a: Number, b: Number) -> list[str]:
    """Return the parts that differ, in the order in which they are put right."""
    mine, theirs = a.parts(), b.parts()
    if type(a.ask) is type(b.ask):
        return [part for part in mine if mine[part] != theirs[part]]
    chosen = list(mine)[:6]
    return [*(part for part in chosen if mine[part] != theirs[part]), QUESTION]


def _change(
    parts: list[str], *, pair: tuple[Number, Number], before: People, after: People
) -> Change:
    a, b = (_said(parts, one) for one in pair)
    came, went = _moved(after, before), _moved(before, after)
    return Change(" and ".join(parts), a, b, came, went, _count(after))


def _said(parts: list[str], number: Number) -> str:
    known = number.parts()
    question = f"{number.ask.word}, {number.cell}"
    return "; ".join(question if part == QUESTION else shown(known[part]) for part in parts)


def _moved(of: People, other: People) -> int:
    """Return how much of a number another one does not count; units of one person may be counted in part."""
    return sum(
        max(one.times - (other[key].times if key in other else 0), 0) for key, one in of.items()
    )


def _count(people: People) -> int:
    return sum(one.times for one in people.values())


def _words(a: int, b: int, changes: tuple[Change, ...]) -> str:
    if not changes:
        return f"They are the same number by the same definition: {a:,}."
    largest = max(changes, key=lambda one: one.came + one.went)
    if largest.came + largest.went == 0:
        return f"Both are {a:,}: what differs in their definitions changes nobody."
    same = f"Both are {a:,}, but not of the same people" if a == b else f"{a:,} becomes {b:,}"
    return f"{same}: mostly the {largest.what}, with which {largest.came:,} come and {largest.went:,} go."

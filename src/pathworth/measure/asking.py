"""What a question of measure is: parameters that explain themselves, an answer, and the people behind its cells.

Every face is made from the one table of questions: the command's options, the address's parameters and the
keywords in Python are the fields of the question's dataclass.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Protocol, TypeVar, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from pathworth.base.errors import UnknownName
from pathworth.journeys import AsOf, Engine, Journeys, Part, local_engine
from pathworth.measure.answers import Answer

Mask = NDArray[np.bool_]
Pair = tuple[Journeys, Journeys]
Found_co = TypeVar("Found_co", bound=Answer, covariant=True)


class Chooser(Protocol):
    """Says which entities of a part a cell counts."""

    def chosen(self, part: Part) -> Mask | NDArray[np.int64]:
        """Return bool[n], one for every entity, or for every unit that they are cut into; or how often, int64[n]."""
        ...


@dataclass(frozen=True)
class Behind:
    """Who stands behind a cell: what says it, and of which selection, which may be wider than the question's."""

    chooser: Chooser
    journeys: Journeys


class Ask(Protocol):
    """A question: a frozen dataclass of keyword-only parameters made by `param`.

    Its docstring is what commands and addresses say of it; ``word`` is its name on every face.
    """

    word: ClassVar[str]

    def answer(self, journeys: Journeys, *, engine: Engine) -> Answer:
        """Return the answer for a selection."""
        ...

    def behind(self, journeys: Journeys, cell: str, *, engine: Engine) -> Behind:
        """Return who a cell counts; ``cell`` is written as the answer writes it. Raises ``UNKNOWN_CELL``."""
        ...


@runtime_checkable
class Compares(Protocol[Found_co]):
    """A question that can say how its answer differs between two selections."""

    def differ(self, pair: Pair, *, engine: Engine) -> Found_co:
        """Return how B differs from A."""
        ...


@runtime_checkable
class ComparesPeople(Compares[Found_co], Protocol[Found_co]):
    """A question whose comparison has cells of its own, which no list of one of the two selections holds."""

    def behind_both(self, pair: Pair, cell: str, *, engine: Engine) -> Behind:
        """Return who a cell of the comparison counts. Raises ``UNKNOWN_CELL``."""
        ...


def differ(pair: Pair, ask: Compares[Found_co], *, engine: Engine | None = None) -> Found_co:
    """Compare the answers to a question about two selections, A and B, of one snapshot: B less A.

    Parameters
    ----------
    pair
        A and B.
    ask
        The question; a breakdown stays aside.
    engine
        Where folds run; threads of this process unless given.

    Raises
    ------
    Refused
        As the question itself.
    """
    return ask.differ(pair, engine=engine or local_engine())


def param(
    default: Any,
    says: str,
    *,
    kind: Literal["plain", "step", "steps", "exclusions", "pattern"] = "plain",
    address: str | None = None,
) -> Any:
    """Return a field of a question.

    Parameters
    ----------
    default
        Its value when nothing is said.
    says
        What people read of it on the command line and in the API.
    kind
        ``step``: an event's name, ``name := predicate``, or a step of a map when one is named. ``steps``: several.
        ``exclusions``: such steps, each with ``after 1 before 3``. ``pattern``: of such steps and of events.
    address
        What addresses call it, one of several that are given by repeating it; its name unless said.
    """
    return field(default=default, metadata={"says": says, "kind": kind, "address": address})


def unknown_cell(cell: str, known: list[str]) -> UnknownName:
    """Return the error of a cell that the answer does not have, with near ones."""
    return UnknownName.near("cell", cell, known)


def as_of(journeys: Journeys) -> AsOf:
    """Return which state of the store an answer is about."""
    return AsOf(journeys.snapshot.id, journeys.snapshot.seq)

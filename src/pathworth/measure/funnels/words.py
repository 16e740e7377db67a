"""How a step of a question and an exclusion are written, and what a written one means.

::

    step        = body [ "?" ]                           with ? it may be left out (funnels only)
    body        = name ":=" predicate  |  alternative { "|" alternative }
    alternative = event or step of the map  |  '"' any text, " written twice '"'
    exclusion   = body [ "after" number ] [ "before" number ]

A word that is an event's name as it stands is that event, whatever signs are in it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from pathworth.base.errors import WrongUsage
from pathworth.journeys import Step

_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_ALTERNATIVE = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^"|]*[^"|\s]))\s*(\||$)')
_BETWEEN = re.compile(
    r"(?P<word>.*?)(?:\s+after\s+(?P<after>\d+))?(?:\s+before\s+(?P<before>\d+))?\s*", re.DOTALL
)


class NamedRule(Protocol):
    """Anything with a name and a rule: a step of a map."""

    @property
    def name(self) -> str:
        """Return what people call it."""
        ...

    @property
    def rule(self) -> str | None:
        """Return its predicate over events, null when only evidence speaks of it."""
        ...


StepWord = str | Step | NamedRule


@dataclass(frozen=True)
class OptionalStep(Step):
    """A step of a funnel that may be left out."""


@dataclass(frozen=True)
class Exclusion:
    """What ends an attempt: an event strictly after step ``after`` and before step ``before``, counted from 1.

    ``before`` is the last step unless given.
    """

    step: StepWord
    after: int = 1
    before: int | None = None


ExclusionWord = str | Exclusion


@dataclass(frozen=True)
class Written:
    """What a written step says: events or steps of which one is enough, or a name and its predicate."""

    names: tuple[str, ...] = ()
    name: str | None = None
    rule: str | None = None


def read_body(word: str) -> Written:
    """Return what a step says, without its question mark.

    Raises
    ------
    WrongUsage
        ``BAD_STEP``.
    """
    if ":=" in _QUOTED.sub("", word):
        name, rule = (one.strip() for one in word.split(":=", 1))
        return Written(name=name or rule, rule=rule)
    names, place = [], 0
    while found := _ALTERNATIVE.match(word, place):
        quoted, bare, end = found.groups()
        names.append(bare if quoted is None else quoted.replace('""', '"'))
        place = found.end()
        if not end:
            return Written(tuple(names))
    raise WrongUsage(
        "BAD_STEP",
        f"{word!r} cannot be read as a step (character {place + 1}).",
        'Write an event, several with | between them, or name := predicate; odd names in "quotes".',
    )


def read_optional(word: str, known: Collection[str]) -> tuple[str, bool]:
    """Return a word without its question mark, and whether it has one; a known name is taken as it stands."""
    bare = word.rstrip()
    if word in known or not bare.endswith("?"):
        return word, False
    return bare[:-1].rstrip(), True


def read_exclusion(word: str, known: Collection[str]) -> Exclusion:
    """Return an exclusion from ``x``, ``x after 1``, ``x before 3`` or ``x after 1 before 3``."""
    found = _BETWEEN.fullmatch(word)
    if word in known or found is None:
        return Exclusion(word)
    after, before = found["after"], found["before"]
    return Exclusion(found["word"], int(after or 1), None if before is None else int(before))


def one_of(steps: Sequence[Step]) -> Step:
    """Return the step that any of some steps takes."""
    if len(steps) == 1:
        return steps[0]
    rule = " or ".join(f"({step.rule})" for step in steps)
    return Step(" or ".join(step.name for step in steps), rule)


def optional(step: Step) -> OptionalStep:
    """Return a step that may be left out."""
    return OptionalStep(step.name, step.rule)

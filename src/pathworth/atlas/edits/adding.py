"""Turns the steps of a question into steps of a map, each where its events are taken first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from pathworth.atlas.checking import named_events
from pathworth.atlas.contracts import MapDocument, MapStep
from pathworth.base import predicate as p
from pathworth.journeys import Step


@dataclass(frozen=True)
class AddedSteps:
    """A map with more steps; ``added`` and ``kept`` are the ids of the new ones, and of those that it had already."""

    document: MapDocument
    added: tuple[str, ...]
    kept: tuple[str, ...]


def add_steps(document: MapDocument, steps: Sequence[Step]) -> AddedSteps:
    """Add steps to a map that it does not have yet.

    A step with the rule of one that stands on the map already is that one. A new one stands right before the step
    that takes its events now, under the same stage, so that it takes them from now on; else at the end, under the
    stage of the step before it.

    Parameters
    ----------
    document
        The map.
    steps
        In the order of the journey; their rules must parse.
    """
    added: list[str] = []
    kept: list[str] = []
    stage: str | None = None
    for step in steps:
        known = _same(document, step.rule)
        if known is None:
            document, new = _with(document, step, stage)
            added.append(new.id)
            stage = new.stage
        else:
            kept.append(known.id)
            stage = known.stage
    return AddedSteps(document, tuple(added), tuple(kept))


def _same(document: MapDocument, rule: str) -> MapStep | None:
    """Return the step that has a rule already."""
    wanted = _plain(p.parse(rule))
    rules = ((one, one.rule) for one in document.steps)
    return next((one for one, held in rules if held and _plain(p.parse(held)) == wanted), None)


def _plain(rule: p.Predicate) -> p.Predicate:
    """Return a rule in one form where it can be written in two."""
    if isinstance(rule, p.In) and len(rule.values) == 1:
        return p.Compare(rule.operand, "=", rule.values[0])
    return rule


def _with(document: MapDocument, step: Step, stage: str | None) -> tuple[MapDocument, MapStep]:
    """Return the map with a new step."""
    events = set(named_events(p.parse(step.rule)))
    taker = _taker(document, events)
    held = document.steps[taker] if taker is not None else None
    new = MapStep(
        id=_free(_word(step.name), {one.id for one in document.steps} | {"exit", "start"}),
        name=_free(step.name, {one.name for one in document.steps}),
        rule=step.rule,
        stage=stage if held is None else held.stage,
        entry=held is not None and held.entry,
    )
    at = len(document.steps) if taker is None else taker
    placed = (*document.steps[:at], new, *document.steps[at:])
    noise = tuple(one for one in document.noise if one not in events)
    return replace(document, steps=placed, noise=noise), new


def _taker(document: MapDocument, events: Collection[str]) -> int | None:
    """Return the place of the first step whose rule names one of the events."""
    for place, step in enumerate(document.steps):
        if step.rule and not set(events).isdisjoint(named_events(p.parse(step.rule))):
            return place
    return None


def _word(name: str) -> str:
    """Return a name as an id: lower case, hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "step"


def _free(word: str, taken: Collection[str]) -> str:
    """Return a word that nobody has, with a number where it must be."""
    if word not in taken:
        return word
    join = "-" if word == word.lower() and " " not in word else " "
    return next(
        f"{word}{join}{k}" for k in range(2, len(taken) + 3) if f"{word}{join}{k}" not in taken
    )

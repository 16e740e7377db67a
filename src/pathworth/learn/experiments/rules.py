"""What may be wrong with an experiment before it is locked: small named checks, each with its code."""

from __future__ import annotations

import re

from pathworth.atlas import MapDocument
from pathworth.base.durations import DAY_US, to_us
from pathworth.base.errors import NotSupported, UnknownName, WrongUsage
from pathworth.base.predicate import parse
from pathworth.learn.experiments.contracts import Experiment

SMALLEST, LARGEST = 0.001, 0.9


def check(experiment: Experiment, document: MapDocument) -> None:
    """Refuse an experiment that could not be read; the first fault speaks.

    Raises
    ------
    WrongUsage
        ``BAD_ID``, ``HYPOTHESIS_MISSING``, ``BAD_HORIZON``, ``BAD_DURATION``, ``BAD_EFFECT``, ``BAD_SHARE``,
        ``BAD_CHOICE``, ``SAME_STEP``, and what a predicate that cannot be read raises.
    UnknownName
        ``UNKNOWN_STEP``.
    NotSupported
        ``STEP_WITHOUT_RULE``.
    """
    for rule in (_id, _hypothesis, _horizon, _effect, _share, _choices):
        rule(experiment)
    _steps(experiment, document)
    if experiment.protest is not None:
        parse(experiment.protest)


def _id(said: Experiment) -> None:
    """BAD_ID: it stands in addresses."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,62}", said.id):
        raise WrongUsage(
            "BAD_ID",
            f"{said.id!r} cannot be the word of an experiment.",
            "Use small letters, digits and hyphens.",
        )


def _hypothesis(said: Experiment) -> None:
    """HYPOTHESIS_MISSING, PROGRAM_MISSING: without them nothing is asked."""
    if len(said.hypothesis.split()) < 3:
        raise WrongUsage(
            "HYPOTHESIS_MISSING",
            "There is no hypothesis.",
            "Write a sentence: what do you believe will change, and why?",
        )
    if not said.program.strip():
        raise WrongUsage(
            "PROGRAM_MISSING", "No program is named.", "Name the program that decides."
        )


def _horizon(said: Experiment) -> None:
    """BAD_HORIZON: at least an hour, at most a year."""
    if not DAY_US // 24 <= to_us(said.horizon) <= 366 * DAY_US:
        raise WrongUsage(
            "BAD_HORIZON",
            f"{said.horizon} is no time in which people get there.",
            "Choose from an hour to a year: 14d.",
        )


def _effect(said: Experiment) -> None:
    """BAD_EFFECT: what cannot be told from nothing is no effect worth having."""
    if not SMALLEST <= said.smallest <= LARGEST:
        raise WrongUsage(
            "BAD_EFFECT",
            f"{said.smallest} is no smallest effect worth having.",
            "Give a share from 0.001 to 0.9: 0.05 is five points.",
        )


def _share(said: Experiment) -> None:
    """BAD_SHARE: both arms need units."""
    if not 0.05 <= said.treated_share <= 0.95:
        raise WrongUsage(
            "BAD_SHARE",
            f"With {said.treated_share:g} treated, one arm is next to empty.",
            "Treat from 0.05 to 0.95 of them.",
        )


def _choices(said: Experiment) -> None:
    """BAD_CHOICE: one of the words."""
    if said.better not in {"more", "fewer"} or said.unit not in {"person", "account"}:
        raise WrongUsage(
            "BAD_CHOICE",
            f"{said.better} of {said.unit} is not a choice.",
            "Better is more or fewer, the unit is person or account.",
        )


def _steps(said: Experiment, document: MapDocument) -> None:
    """UNKNOWN_STEP, STEP_WITHOUT_RULE, SAME_STEP: what is read must be observed, and come after the occasion."""
    by_id = {step.id: step for step in document.steps}
    for step in (said.step, said.trigger, said.goal):
        if step is None:
            continue
        if step not in by_id:
            raise UnknownName.near("step", step, by_id)
        if by_id[step].rule is None:
            raise NotSupported(
                "STEP_WITHOUT_RULE",
                f"Nothing observed says who takes {by_id[step].name!r}.",
                "Give the step a rule, or choose another one.",
            )
    if said.step == said.trigger:
        raise WrongUsage(
            "SAME_STEP",
            "The step that is read is the step that gives the occasion.",
            "Choose a later step.",
        )

"""The map document: what we believe the journey is, as rules over behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pathworth.journeys import Step


@dataclass(frozen=True)
class Sign:
    """A small event that tells of progress in a step, long before there is money: a micro-conversion.

    ``rule`` is a predicate over events; ``name`` is unique in its step.
    """

    name: str
    rule: str


@dataclass(frozen=True)
class MapStep:
    """A step of the map.

    Parameters
    ----------
    id
        Short stable word, unique in the map (lower case, hyphens).
    name
        What people call it; made from its events when discovered.
    rule
        Predicate over events; null for a step that only evidence speaks of. The first step whose rule
        holds takes the event.
    stage
        Label under which the step stands.
    entry
        Whether journeys usually begin here.
    leaving
        Whether entering it means having left: nothing after it is part of the journey.
    owner, link
        Who looks after it; where more about it is written.
    expires
        ISO date at which an assumption about it runs out; null when it is observed.
    tau
        Duration after which a visit without a next one counts as left; null for the rule of the price.
    signs
        What tells of progress in it; expected by the tracking plan, and no step of its own.
    """

    id: str
    name: str
    rule: str | None
    stage: str | None = None
    entry: bool = False
    leaving: bool = False
    owner: str | None = None
    link: str | None = None
    expires: str | None = None
    tau: str | None = None
    signs: tuple[Sign, ...] = ()


@dataclass(frozen=True)
class Contract:
    """Money that continues after a step: a payment buys a term, and the next one shows whether they stayed.

    Parameters
    ----------
    step
        Id of the step that begins the contract.
    payments
        Predicate over the events that pay for a term; their ``value`` less ``cost`` is the term's margin.
    plan
        Text property on payments that names the plan.
    since
        Time or text property on payments with the contract's first day (ISO); null when every start is in
        the data.
    months
        Number property on payments: how many months one pays for; null for one.
    horizon_months, discount_a_year
        Worth at purchase counts this many months, discounted by this share a year.
    """

    step: str
    payments: str
    plan: str | None = None
    since: str | None = None
    months: str | None = None
    horizon_months: int = 24
    discount_a_year: float = 0.10


@dataclass(frozen=True)
class MapDocument:
    """One revision of a map.

    Parameters
    ----------
    name
        Name of the map, unique in the workspace.
    steps
        In the order in which rules are tried; at most 64.
    stages
        Labels in the order of their columns.
    persona
        Property or trait that carries the persona hint; null when none is known.
    session_gap
        A longer pause between events of one step starts a new visit.
    contract
        Money that continues; null where money is what was observed.
    structural
        Pairs ``(property, value)`` declared as structural mismatch: no message can fix them.
    calendar
        Declared windows ``(name, from, to)`` in ISO dates, that split comparisons and never end a priced
        period.
    noise
        Events left out on purpose, by name.
    """

    name: str
    steps: tuple[MapStep, ...]
    stages: tuple[str, ...] = ()
    persona: str | None = None
    session_gap: str = "30m"
    contract: Contract | None = None
    structural: tuple[tuple[str, str], ...] = ()
    calendar: tuple[tuple[str, str, str], ...] = ()
    noise: tuple[str, ...] = ()

    def signs(self) -> tuple[tuple[MapStep, Sign], ...]:
        """Return every sign with its step, in order."""
        return tuple((step, sign) for step in self.steps for sign in step.signs)

    def named_steps(self) -> tuple[Step, ...]:
        """Return the observed steps under their names, then under their ids, as ``did`` and ``matches`` name them."""
        seen = [(one, one.rule) for one in self.steps if one.rule is not None]
        by_name = [Step(one.name, rule) for one, rule in seen]
        return (*by_name, *(Step(one.id, rule) for one, rule in seen if one.id != one.name))


@dataclass(frozen=True)
class Finding:
    """Something about a map that its reader should know.

    ``where`` is the place in the document (``steps.buys.rule``), ``at`` the character of a rule. An ``error``
    stops the map from being used, a ``warning`` does not.
    """

    code: str
    level: Literal["error", "warning"]
    where: str
    message: str
    hint: str
    at: int | None = None


@dataclass(frozen=True)
class Placed:
    """Where the events of one kind went: ``step`` is a step's id, null when they were left out as noise."""

    event: str
    property: str | None
    value: str | None
    events: int
    people: int
    step: str | None


@dataclass(frozen=True)
class Noise:
    """An event that was left out of a proposed map, and why."""

    event: str
    events: int
    people: int
    reason: str


@dataclass(frozen=True)
class Discovery:
    """A proposed map with everything a person needs to judge it.

    ``agreement`` is the adjusted Rand index, weighted by events, between the steps that two halves of the
    people give; null where there are too few people to halve. ``notes`` say the rest in words.
    """

    document: MapDocument
    events: tuple[Placed, ...]
    noise: tuple[Noise, ...]
    agreement: float | None
    notes: tuple[str, ...]

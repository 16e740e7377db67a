"""What a person declares about their data because no statistics can know it: persona, contract, calendar."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Declarations:
    """Declarations that come with a mapping file and go into the first map.

    Parameters
    ----------
    persona
        Property or trait that carries the persona hint.
    contract_starts
        Predicate over events that begin a contract.
    contract_payments
        Predicate over events that pay for a term of it.
    contract_plan, contract_since, contract_months
        Properties on payments: the plan, the contract's first day, months paid for.
    calendar
        Windows ``(name, from, to)`` in ISO dates.
    structural
        Pairs ``(property, value)`` that no message can fix.
    """

    persona: str | None = None
    contract_starts: str | None = None
    contract_payments: str | None = None
    contract_plan: str | None = None
    contract_since: str | None = None
    contract_months: str | None = None
    calendar: tuple[tuple[str, str, str], ...] = ()
    structural: tuple[tuple[str, str], ...] = ()

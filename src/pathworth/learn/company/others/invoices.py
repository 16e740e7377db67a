"""Invoices as a payment service keeps them: one for each payment, open for a while where the first one failed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from pathworth.learn.company.accounts.money import amounts
from pathworth.learn.company.clock import DAY_MS
from pathworth.learn.company.others.facts import Facts
from pathworth.learn.company.world import Codes

CENT = 10_000
"""Micro-units in a cent."""
NEVER = -1
OPENS = {"Payment Succeeded": "subscription_create", "Subscription Renewed": "subscription_cycle"}


def invoice_lines(facts: Facts) -> Iterator[str]:
    """Yield every invoice as a line of JSON, by when it was sent."""
    rows = sorted([*_paid(facts), *_written_off(facts)], key=lambda row: (row[1], row[0]))
    sent: dict[int, int] = {}
    currency = facts.company.currency.lower()
    for person, created, paid, lost, cents, reason in rows:
        number = sent[person] = sent.get(person, 0) + 1
        yield json.dumps(
            _invoice(
                facts,
                person,
                number=number,
                times=(created, paid, lost),
                amount=(cents, currency),
                reason=reason,
            ),
            separators=(",", ":"),
        )


Row = tuple[int, int, int, int, int, str]


def _paid(facts: Facts) -> Iterator[Row]:
    """Yield person, times (sent, paid, written off), cents and reason of what was paid."""
    failed = _failed(facts)
    wait = (facts.company.life.heal_days + 1) * DAY_MS
    for event, reason in OPENS.items():
        person, ms, cents = _money(facts, event)
        for who, at, amount in zip(person.tolist(), ms.tolist(), cents.tolist(), strict=True):
            before = [one for one in failed.get(who, ()) if at - wait < one < at]
            yield who, before[0] if before else at, at, NEVER, amount, reason


def _written_off(facts: Facts) -> Iterator[Row]:
    """Yield what was never paid: the first payment failed, and the account was closed for it."""
    wait = (facts.company.life.heal_days + 1) * DAY_MS
    paid = facts.firsts("Payment Succeeded")
    gone = facts.firsts("Subscription Cancelled")
    plans = np.array(amounts(facts.company)) // CENT
    for who, times in _failed(facts).items():
        for at in times:
            if at < gone[who] < at + wait and not at < paid[who] < at + wait:
                cents = int(plans[facts.world.persons.plan[who]])
                yield who, at, NEVER, int(gone[who]), cents, "subscription_create"


def _failed(facts: Facts) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for who, at in zip(*(one.tolist() for one in facts.of("Payment Failed")), strict=True):
        found.setdefault(who, []).append(at)
    return found


def _money(facts: Facts, event: str) -> tuple[Codes, Codes, Codes]:
    person, ms, rows = facts.rows_of(event)
    return person, ms, facts.world.events.value_micro[rows] // CENT


def _invoice(
    facts: Facts,
    person: int,
    *,
    number: int,
    times: tuple[int, int, int],
    amount: tuple[int, str],
    reason: str,
) -> dict[str, Any]:
    created, paid, lost = (one // 1000 if one >= 0 else None for one in times)
    cents, currency = amount
    due = 0 if paid else cents
    id_ = facts.ids[person][1:]
    return {
        "id": f"in_{id_}{number:03d}",
        "object": "invoice",
        "customer": f"cus_{id_}",
        "customer_email": facts.mail(person),
        "currency": currency,
        "amount_due": cents,
        "amount_paid": cents - due,
        "amount_remaining": due,
        "billing_reason": reason,
        "created": created,
        "status": "paid" if paid else "uncollectible",
        "status_transitions": {
            "finalized_at": created,
            "paid_at": paid,
            "marked_uncollectible_at": lost,
            "voided_at": None,
        },
    }

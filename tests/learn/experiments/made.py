"""Ledgers and journeys made up for tests of experiments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pathworth.atlas import MapDocument, MapStep
from pathworth.learn.experiments import Experiment
from pathworth.store import ColumnInfo, Decision, EventArrays, Snapshot, snapshot_from_arrays

DAY = 86_400_000_000
BEGIN = 1_767_225_600_000_000
MAP = MapDocument(
    "way",
    (
        MapStep("asks", "Asks", "event = 'asked'", entry=True),
        MapStep("buys", "Buys", "event = 'bought'"),
        MapStep("stays", "Stays", "event = 'stayed'"),
        MapStep("thinks", "Thinks", None),
    ),
)
ASKED = Experiment(
    id="kit",
    hypothesis="Whoever gets the kit buys more often",
    program="kit",
    map="way",
    step="buys",
    trigger="asks",
    horizon="14d",
    smallest=0.05,
    goal="stays",
    protest="event = 'muted'",
)


def decision(unit: str, at_day: float, *, treated: bool, entity: str | None = None) -> Decision:
    """One row of a ledger: who, in which arm, at which day."""
    at_us = BEGIN + round(at_day * DAY)
    return Decision(
        id=1,
        key=f"{unit} {at_us}",
        program="kit",
        revision=1,
        entity=entity or unit,
        unit=unit,
        arm="treated" if treated else "held out",
        trigger_seq=1,
        trigger_us=at_us,
        decided_us=at_us,
        action="send" if treated else "nothing",
        reasons=() if treated else ("HELD_OUT",),
        channel="mail" if treated else None,
        address=None,
        state="delivered" if treated else "none",
    )


@dataclass(frozen=True)
class Did:
    """One event: who, what, on which day, in which account, for how much."""

    who: str
    what: str
    day: float
    account: str | None = None
    value: float = 0.0


def journeys_of(events: Sequence[Did]) -> Snapshot:
    """Lay events out as a snapshot."""
    ids = sorted({one.who for one in events})
    names = sorted({one.what for one in events})
    accounts = sorted({one.account for one in events if one.account})
    code = [accounts.index(one.account) + 1 if one.account else 0 for one in events]
    return snapshot_from_arrays(
        ids,
        EventArrays(
            entity=np.array([ids.index(one.who) for one in events]),
            name=np.array([names.index(one.what) for one in events]),
            time_us=np.array([BEGIN + round(one.day * DAY) for one in events], np.int64),
            columns={
                "value": np.array([round(one.value * 1_000_000) for one in events], np.int64),
                "account_id": np.array(code),
            },
        ),
        names=names,
        infos={"account_id": ColumnInfo("text", tuple(accounts))},
    )

"""Decides every occasion that is due: rows first, delivery later."""

from __future__ import annotations

from collections.abc import Callable

from pathworth.act.deciding.judge import Bench, judge
from pathworth.act.document import load_program
from pathworth.act.programs import asking_of, now
from pathworth.journeys import Seen
from pathworth.store import (
    Decision,
    Exclusions,
    Ledger,
    PersonStates,
    Programs,
    Workspace,
)

AT_ONCE = 500


def decide_due(workspace: Workspace, now_us: int | None = None) -> tuple[Decision, ...]:
    """Decide what is due and return the rows written, in the order of the ledger.

    Parameters
    ----------
    workspace
        The opened workspace.
    now_us
        The moment of deciding; null for the clock's.
    """
    at_us = now() if now_us is None else now_us
    due = PersonStates(workspace).next_due()
    if due is None or due > at_us:
        return ()
    bench = bench_of(workspace, at_us)
    ledger = Ledger(workspace)
    found: list[Decision] = []
    taken = AT_ONCE
    while taken == AT_ONCE:
        taken, rows = ledger.decide(
            lambda occasions, standing: judge(occasions, standing, bench=bench),
            now_us=at_us,
            limit=AT_ONCE,
        )
        found.extend(rows)
    return tuple(found)


def bench_of(workspace: Workspace, now_us: int) -> Bench:
    """Return what judging needs beside the people."""
    kept = Programs(workspace)
    running = frozenset(one.id for one in kept.all() if one.state == "running")
    documents = {key: load_program(text) for key, text in kept.documents().items()}
    return Bench(now_us, documents, running, asking_of(workspace), left_out_of(workspace))


def left_out_of(workspace: Workspace) -> Callable[[Seen], bool]:
    """Return the test of being left out of everything by a list of ids of an exclusion that is switched on."""
    rules = (one for one in Exclusions(workspace).all() if one.active and one.who is None)
    snapshot = workspace.whole_snapshot()
    ids = frozenset(snapshot.persons_of([id_ for one in rules for id_ in one.ids]))
    return lambda seen: snapshot.person_of(seen.entity) in ids

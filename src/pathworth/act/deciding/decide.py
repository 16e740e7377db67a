"""Decides every occasion that is due: rows first, delivery later."""

from __future__ import annotations

from pathworth.act.deciding.judge import Bench, judge
from pathworth.act.document import load_program
from pathworth.act.programs import now
from pathworth.journeys import Kinds
from pathworth.store import Decision, Ledger, PersonStates, Programs, Workspace

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
    return Bench(now_us, documents, running, Kinds.of(workspace.snapshot()))

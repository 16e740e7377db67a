"""Decides every occasion that is due: rows first, delivery later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pathworth.act.deciding.judge import Bench, judge
from pathworth.act.document import load_program
from pathworth.act.programs import now
from pathworth.journeys import Kinds, Seen, rule_of
from pathworth.store import (
    Decision,
    Exclusion,
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
    kinds = Kinds.of(workspace.snapshot())
    return Bench(now_us, documents, running, kinds, left_out_of(workspace, kinds))


def left_out_of(workspace: Workspace, kinds: Kinds) -> tuple[Callable[[str, Seen], bool], ...]:
    """Return the tests of the exclusions that are switched on."""
    return tuple(_test(one, kinds) for one in Exclusions(workspace).all() if one.active)


def _test(one: Exclusion, kinds: Kinds) -> Callable[[str, Seen], bool]:
    if one.who is None:
        ids = frozenset(one.ids)
        return lambda entity, _: entity in ids
    rule = rule_of(one.who, kinds, speaks="people")
    # In a predicate over people, ``person`` is the raw id.
    return lambda entity, seen: rule(replace(seen, traits={**seen.traits, "person": entity}))

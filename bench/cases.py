"""The table of cases: a question, the columns that it reads, its bar, and its slow twin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.world import HOUR_US, NAMES
from pathworth import measure
from pathworth.journeys import Engine, Journeys, Step, parse_pattern
from pathworth.measure.calendar import calendar
from pathworth.store import Shard, Snapshot

# The slow twins are tests without types, so they are found by name.
naive_funnel, naive_past, naive_retention, naive_sessions, naive_transitions = (
    import_module(f"tests.naive.{name}")
    for name in ("funnel", "past", "retention", "sessions", "transitions")
)

Ask = Callable[[Journeys, Engine], Any]
Check = Callable[[Journeys, Engine], bool]
FUNNEL = ("e05", "e02", "e09")
OUT = "e11"
DAY_US = 24 * 3_600_000_000
WITHIN_US = 7 * DAY_US
GAP_US = 1_800_000_000
STEPS = tuple(
    Step(f"s{k}", "event in (" + ", ".join(f"'e{n:02d}'" for n in range(k, NAMES - 5, 12)) + ")")
    for k in range(12)
)
WHERE = "word > 'w50000'"
LIKE = "word like '%7%'"
DEEDS = "did('e05', at_least=2, within='20d')"
PATTERN = "matches('e05 -> [^e02]* -> e09', within='7d')"
WHO = "plan in ('free', 'pro')"


@dataclass(frozen=True)
class Case:
    """One row of the table; ``bar`` is the most times the limit that it may take."""

    name: str
    columns: tuple[str, ...]
    bar: float | None
    ask: Ask
    check: Check
    where: str | None = None
    who: str | None = None

    def journeys(self, snapshot: Snapshot) -> Journeys:
        """Return the selection that is asked."""
        return Journeys(snapshot, where=self.where, who=self.who)


def lane(journeys: Journeys) -> tuple[Any, NDArray[np.uint8]]:
    """Return the only shard and the mask of a selection, made by plain code."""
    shard = journeys.snapshot.shards[0]
    keep = np.ones(len(shard.name), np.uint8)
    if journeys.where is not None:
        words = journeys.snapshot.columns["word"].values
        codes = shard.columns["word"].tolist()
        test = TESTS[journeys.where]
        keep &= np.fromiter((code > 0 and test(words[code - 1]) for code in codes), bool)
    if journeys.who is not None:
        chosen = [TESTS[journeys.who](journeys.snapshot, shard, e) for e in range(shard.entities)]
        keep &= np.repeat(np.array(chosen, bool), np.diff(shard.offset)).astype(np.uint8)
    return shard, keep


def is_on_plan(snapshot: Snapshot, shard: Shard, e: int) -> bool:
    """Return whether somebody is on one of two plans."""
    code = int(shard.traits["plan"][e])
    return code > 0 and snapshot.traits["plan"].values[code - 1] in {"free", "pro"}


def did_twice(snapshot: Snapshot, shard: Shard, e: int) -> bool:
    """Return whether somebody did one thing twice in the last twenty days."""
    events = range(int(shard.offset[e]), int(shard.offset[e + 1]))
    begin = snapshot.last_us + 1 - 20 * 24 * HOUR_US
    return sum(bool(shard.name[i] == 5 and shard.time_us[i] >= begin) for i in events) >= 2


def holds_pattern(snapshot: Snapshot, shard: Shard, e: int) -> bool:
    """Return whether somebody's journey holds a pattern, every way of it tried."""
    events = range(int(shard.offset[e]), int(shard.offset[e + 1]))
    names = [{snapshot.names[int(shard.name[i])]} for i in events]
    times = [int(shard.time_us[i]) for i in events]
    tree = parse_pattern("e05 -> [^e02]* -> e09").tree
    return bool(naive_past.matches(tree, names, times, WITHIN_US))


TESTS: dict[str, Callable[..., bool]] = {
    WHERE: lambda word: word > "w50000",
    LIKE: lambda word: "7" in word,
    WHO: is_on_plan,
    DEEDS: did_twice,
    PATTERN: holds_pattern,
}


def moves_of(ask: Ask, steps: Sequence[Step] | None = None) -> Check:
    """Return the check of transitions against plain code."""

    def check(journeys: Journeys, engine: Engine) -> bool:
        shard, keep = lane(journeys)
        names = list(journeys.snapshot.names)
        lookup = np.arange(NAMES)
        if steps is not None:
            lookup = np.array(
                [
                    next((k for k, s in enumerate(steps) if f"'{name}'" in s.rule), -1)
                    for name in names
                ]
            )
            names = [step.name for step in steps]
        found = naive_transitions.moves(shard.offset, shard.name, lookup, shard.time_us, keep)
        wanted = {
            (names[a], names[b]): (n, found.ms[part, a, b], found.entities[part, a, b])
            for (part, a, b), n in found.moves.items()
            if a != "start" and b != "end"
        }
        answer = ask(journeys, engine)
        return len(answer.edges) == len(wanted) and all(
            (edge.count, edge.mean_seconds) == (n, ms / n / 1_000)
            and edge.entities in {None, people}
            for edge in answer.edges
            for n, ms, people in [wanted[edge.from_, edge.to]]
        )

    return check


def funnel_of(ask: Ask, twin: Callable[..., int]) -> Check:
    """Return the check of a funnel against plain code."""

    def check(journeys: Journeys, engine: Engine) -> bool:
        shard, keep = lane(journeys)
        hits = np.zeros(NAMES, np.uint64)
        for k, name in enumerate(FUNNEL):
            hits[journeys.snapshot.names.index(name)] = 1 << k
        everybody = naive_funnel.journeys(shard.offset, shard.name, hits, shard.time_us, keep)
        levels = Counter(twin(events, len(FUNNEL), WITHIN_US) for events in everybody)
        wanted = [sum(n for level, n in levels.items() if level > k) for k in range(len(FUNNEL))]
        return [step.entities for step in ask(journeys, engine).steps] == wanted

    return check


def wide_check(journeys: Journeys, engine: Engine) -> bool:
    """Compare a funnel with a step that may be left out, exclusions and two windows with every attempt."""
    shard, keep = lane(journeys)
    hits = np.zeros(NAMES, np.uint64)
    for k, name in enumerate((*FUNNEL, OUT)):
        hits[journeys.snapshot.names.index(name)] = 1 << k
    ask = naive_funnel.Ask((True, False, True), WITHIN_US, DAY_US, exclude=((0, 2, 3),))
    everybody = naive_funnel.journeys(shard.offset, shard.name, hits, shard.time_us, keep)
    found = [naive_funnel.reached(events, ask) for events in everybody]
    wanted = [sum(k in one for one in found) for k in range(len(FUNNEL))]
    return [step.entities for step in WIDE(journeys, engine).steps] == wanted


def attempts_check(journeys: Journeys, engine: Engine) -> bool:
    """Compare attempts with those found by trying every one."""
    shard, keep = lane(journeys)
    hits = np.zeros(NAMES, np.uint64)
    for k, name in enumerate(FUNNEL):
        hits[journeys.snapshot.names.index(name)] = 1 << k
    ask = naive_funnel.Ask((True,) * len(FUNNEL), WITHIN_US, 1 << 62)
    spans, wanted = naive_funnel.spans_of(ask), 0
    for events in naive_funnel.journeys(shard.offset, shard.name, hits, shard.time_us, keep):
        wanted += len(naive_funnel.cuts(events, spans, ask.musts))
    return bool(ATTEMPTS(journeys, engine).steps[0].entities == wanted)


def retention_check(journeys: Journeys, engine: Engine) -> bool:
    """Compare retention with plain code."""
    shard, keep = lane(journeys)
    snapshot = journeys.snapshot
    whole_months = calendar("month", "UTC", first_us=snapshot.first_us, last_us=snapshot.last_us)
    edges = whole_months.edges_us.tolist()
    roles = np.full(NAMES, 3)
    everybody = naive_retention.journeys(shard.offset, shard.name, roles, shard.time_us, keep)
    came, _ = naive_retention.by_calendar(everybody, edges)
    answer = RETENTION(journeys, engine)
    sizes = {c: n for (c, k), n in came.items() if k == 0}
    return [one.size for one in answer.cohorts] == [sizes[c] for c in sorted(sizes)] and all(
        n is None or n == came[c, k]
        for c, cohort in zip(sorted(sizes), answer.cohorts, strict=True)
        for k, n in enumerate(cohort.retained)
    )


def sessions_check(journeys: Journeys, engine: Engine) -> bool:
    """Compare sessions with plain code."""
    shard, keep = lane(journeys)
    everybody = naive_sessions.by_gap(shard.offset, shard.time_us, keep, GAP_US)
    answer = SESSIONS(journeys, engine)
    wanted = sum(map(len, everybody)), sum(map(bool, everybody))
    return (answer.sessions, answer.entities) == wanted


def in_order(order: str) -> Ask:
    """Return the funnel question of one order."""
    return lambda j, e: measure.funnel(j, FUNNEL, within="7d", order=order, engine=e)


TRANSITIONS: Ask = lambda j, e: measure.transitions(j, engine=e)  # noqa: E731
BY_STEP: Ask = lambda j, e: measure.transitions(j, steps=STEPS, engine=e)  # noqa: E731
PEOPLE: Ask = lambda j, e: measure.transitions(j, entities=True, engine=e)  # noqa: E731
QUANTILES: Ask = lambda j, e: measure.transitions(j, times="quantiles", engine=e)  # noqa: E731
TIMES_AND_PEOPLE: Ask = lambda j, e: measure.transitions(  # noqa: E731
    j, entities=True, times="quantiles", engine=e
)
WIDE: Ask = lambda j, e: measure.funnel(  # noqa: E731
    j,
    [FUNNEL[0], f"{FUNNEL[1]}?", FUNNEL[2]],
    within="7d",
    step_within="1d",
    exclude=[OUT],
    engine=e,
)
ATTEMPTS: Ask = lambda j, e: measure.funnel(  # noqa: E731
    j, FUNNEL, within="7d", count="occurrences", engine=e
)
SURVIVAL: Ask = lambda j, e: measure.funnel(  # noqa: E731
    j, FUNNEL, within="7d", times="survival", engine=e
)
FUNNELS = {order: in_order(order) for order in ("ordered", "strict", "any")}
RETENTION: Ask = lambda j, e: measure.retention(j, engine=e)  # noqa: E731
SESSIONS: Ask = lambda j, e: measure.sessions(j, engine=e)  # noqa: E731

_BOTH = ("name", "time_us")
ORDERED = funnel_of(FUNNELS["ordered"], naive_funnel.ordered)
CASES = (
    Case("transitions", _BOTH, 1.5, TRANSITIONS, moves_of(TRANSITIONS)),
    Case("retention", _BOTH, 2.0, RETENTION, retention_check),
    Case("funnel", _BOTH, 3.0, FUNNELS["ordered"], ORDERED),
    Case("sessions", ("time_us",), None, SESSIONS, sessions_check),
    Case("transitions_steps", _BOTH, 3.0, BY_STEP, moves_of(BY_STEP, STEPS)),
    Case("transitions_mask", _BOTH, 3.0, TRANSITIONS, moves_of(TRANSITIONS), who=WHO),
    Case("funnel_mask", _BOTH, 3.0, FUNNELS["ordered"], ORDERED, who=WHO),
    Case("retention_mask", _BOTH, 3.0, RETENTION, retention_check, who=WHO),
    Case(
        "transitions_where", (*_BOTH, "word"), 3.0, TRANSITIONS, moves_of(TRANSITIONS), where=WHERE
    ),
    Case(
        "transitions_where_like",
        (*_BOTH, "word"),
        3.0,
        TRANSITIONS,
        moves_of(TRANSITIONS),
        where=LIKE,
    ),
    Case("sessions_where", ("time_us", "word"), None, SESSIONS, sessions_check, where=LIKE),
    Case("sessions_did", _BOTH, None, SESSIONS, sessions_check, who=DEEDS),
    Case("sessions_matches", _BOTH, None, SESSIONS, sessions_check, who=PATTERN),
    Case("funnel_where", (*_BOTH, "word"), 3.0, FUNNELS["ordered"], ORDERED, where=WHERE),
    Case(
        "funnel_strict",
        _BOTH,
        3.0,
        FUNNELS["strict"],
        funnel_of(FUNNELS["strict"], naive_funnel.strict),
    ),
    Case(
        "funnel_any", _BOTH, 3.0, FUNNELS["any"], funnel_of(FUNNELS["any"], naive_funnel.any_order)
    ),
    Case("funnel_wide", _BOTH, None, WIDE, wide_check),
    Case("funnel_attempts", _BOTH, None, ATTEMPTS, attempts_check),
    Case("funnel_survival", _BOTH, None, SURVIVAL, funnel_of(SURVIVAL, naive_funnel.ordered)),
    Case("transitions_entities", _BOTH, 4.0, PEOPLE, moves_of(PEOPLE)),
    Case("transitions_quantiles", _BOTH, 8.0, QUANTILES, moves_of(QUANTILES)),
    Case(
        "transitions_times_and_people",
        _BOTH,
        None,
        TIMES_AND_PEOPLE,
        moves_of(TIMES_AND_PEOPLE),
    ),
)

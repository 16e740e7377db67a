"""The best queries that we know for ClickHouse and DuckDB, and whether what they say is what we say.

Several stand where it depends on size and version which is the fastest; the fastest counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any

from bench.cases import FUNNEL, WHERE, WITHIN_US
from bench.peers import Rows
from pathworth.store import Snapshot

Equal = Callable[[Rows, Any, Snapshot], bool]
IN_ORDER = "settings optimize_aggregation_in_order = 1"
FIRST_WORD = int(WHERE.split("'w")[1].rstrip("'")) + 2
"""Code of the least word that ``WHERE`` keeps: words are coded from 1 in their order."""


@dataclass(frozen=True)
class Peered:
    """What peers are asked for one case; the fastest query of each counts."""

    queries: dict[str, tuple[str, ...]]
    equal: Equal


def moves_equal(rows: Rows, answer: Any, snapshot: Snapshot) -> bool:
    """Compare counts and whole milliseconds exactly; a middle with its bin and the next; people exactly."""
    names = snapshot.names
    found = {(names[row[0]], names[row[1]]): row[2:] for row in rows}
    return len(found) == len(answer.edges) and all(
        (edge.count, edge.mean_seconds) == (mine[0], int(mine[1]) / mine[0] / 1_000)
        and (len(mine) < 4 or _times_equal(edge, *mine[2:]))
        for edge in answer.edges
        for mine in [found[edge.from_, edge.to]]
    )


def _times_equal(edge: Any, middle_us: float, entities: int) -> bool:
    middle = middle_us / 1e6
    near = abs(edge.median_seconds - middle) <= max(0.001, 2 * middle / 16)
    return near and bool(edge.entities == entities)


def levels_equal(rows: Rows, answer: Any, _snapshot: Snapshot) -> bool:
    """Compare how many reach each step."""
    return [int(one) for one in rows[0]] == [step.entities for step in answer.steps]


def cohorts_equal(rows: Rows, answer: Any, _snapshot: Snapshot) -> bool:
    """Compare who came back in every month that is over."""
    found = {(_month(first), _month(month)): int(n) for first, month, n in rows}
    first = sorted({one for one, _ in found})
    return [one.start[:7] for one in answer.cohorts] == first and all(
        n is None or n == found.get((cohort.start[:7], _later(cohort.start[:7], k)), 0)
        for cohort in answer.cohorts
        for k, n in enumerate(cohort.retained)
    )


def _month(day: date | datetime | int) -> str:
    # ClickHouse gives a date as days since 1970 when it leaves as Arrow
    known = date.fromordinal(date(1970, 1, 1).toordinal() + day) if isinstance(day, int) else day
    return f"{known.year:04d}-{known.month:02d}"


def _later(month: str, k: int) -> str:
    whole = int(month[:4]) * 12 + int(month[5:]) - 1 + k
    return f"{whole // 12:04d}-{whole % 12 + 1:02d}"


def sessions_equal(rows: Rows, answer: Any, _snapshot: Snapshot) -> bool:
    """Compare how many sessions there are."""
    return bool(int(rows[0][0]) == answer.sessions)


def _house_moves(columns: str, where: str = "") -> tuple[str, ...]:
    arrays = (
        f"from (select entity, groupArray(name) n, groupArray(time_us) t from events {where} "
        "group by entity) array join arrayPopBack(n) as a, arrayPopFront(n) as b, "
        "arrayPopFront(arrayDifference(t)) as d"
    )
    lagged = (
        "from (select entity, lagInFrame(name) over w a, name b, row_number() over w place, "
        f"time_us - lagInFrame(time_us) over w d from events {where} "
        "window w as (partition by entity order by time_us, seq)) where place > 1"
    )
    asked = f"select a, b, count(), sum(intDiv(d + 500, 1000)){columns}"
    return (
        f"{asked} {arrays} group by a, b {IN_ORDER}",
        f"{asked} {lagged} group by a, b",
    )


def _duck_moves(columns: str, where: str = "") -> tuple[str, ...]:
    rows = (
        "from (select entity, lag(entity) over () was, lag(name) over () a, name b, "
        f"time_us - lag(time_us) over () d from events {where}) where was = entity"
    )
    parted = (
        "from (select entity, lag(name) over w a, name b, time_us - lag(time_us) over w d "
        f"from events {where} window w as (partition by entity order by time_us, seq)) "
        "where a is not null"
    )
    asked = f"select a, b, count(*), sum((d + 500) // 1000)::bigint{columns}"
    return (f"{asked} {rows} group by a, b", f"{asked} {parted} group by a, b")


CODES = tuple(int(name[1:]) for name in FUNNEL)
A, B, C = CODES
ONLY = f"name in {CODES}"
ORDERED = "window w as (partition by entity order by time_us, seq)"
_CHAINED = (
    f"select *, max(case when name = {B} and time_us - one <= {WITHIN_US} then one end) over w two "
    "from (select entity, name, time_us, seq, "
    f"max(case when name = {A} then time_us end) over w one from events where {{}} {ORDERED}) "
    f"{ORDERED}"
)
_LEVELS = (
    f"name = {A}",
    f"name = {B} and time_us - one <= {WITHIN_US}",
    f"name = {C} and time_us - two <= {WITHIN_US}",
)


def _house_funnel(*wheres: str) -> tuple[str, ...]:
    steps = ", ".join(f"name = {code}" for code in CODES)
    levels = ", ".join(f"countIf(level >= {k + 1})" for k in range(len(CODES)))
    inner = (
        f"select windowFunnel({WITHIN_US})(toUInt64(time_us), {steps}) level "
        "from events where {} group by entity"
    )
    asked = [f"select {levels} from ({inner.format(where)})" for where in wheres]
    return tuple(chain.from_iterable((one, f"{one} {IN_ORDER}") for one in asked))


def _duck_funnel(where: str) -> tuple[str, ...]:
    """Carry the latest start of an attempt along: of all attempts the one that began last gets furthest."""
    levels = ", ".join(f"max(({level})::int) l{k}" for k, level in enumerate(_LEVELS))
    return (
        f"select sum(l0), sum(l1), sum(l2) from (select entity, {levels} "
        f"from ({_CHAINED.format(where)}) group by entity)",
    )


_HOUSE_MONTH = "toStartOfMonth(toDateTime(intDiv(time_us, 1000000), 'UTC'))"
_HOUSE_COHORTS = (
    "select first, month, count() from (select min(m) first, groupUniqArray(m) months from "
    f"(select entity, {_HOUSE_MONTH} m from events) group by entity) "
    "array join months as month group by first, month"
)
_DUCK_MONTHS = "select distinct entity, date_trunc('month', make_timestamp(time_us)) m from events"
_DUCK_COHORTS = (
    f"with d as ({_DUCK_MONTHS}), f as (select entity, min(m) first from d group by entity) "
    "select first, m, count(*) from d join f using (entity) group by first, m"
)
GAP = 1_800_000_000
_HOUSE_SESSIONS = (
    f"select sum(1 + arrayCount(d -> d > {GAP}, arrayDifference(t))) from "
    f"(select groupArray(time_us) t from events group by entity) {IN_ORDER}"
)
_DUCK_SESSIONS = (
    f"select count(*) from (select entity, lag(entity) over () was, time_us - lag(time_us) over () d "
    f"from events) where was is distinct from entity or d > {GAP}"
)
CHOSEN = f"where word >= {FIRST_WORD}"

PEERED = {
    "transitions": Peered({"ClickHouse": _house_moves(""), "DuckDB": _duck_moves("")}, moves_equal),
    "transitions_where": Peered(
        {"ClickHouse": _house_moves("", CHOSEN), "DuckDB": _duck_moves("", CHOSEN)}, moves_equal
    ),
    "transitions_times_and_people": Peered(
        {
            "ClickHouse": _house_moves(", quantileExactInclusive(0.5)(d), uniqExact(entity)")
            + _house_moves(", quantile(d), uniqExact(entity)"),
            "DuckDB": _duck_moves(", median(d), count(distinct entity)"),
        },
        moves_equal,
    ),
    "retention": Peered(
        {
            "ClickHouse": (_HOUSE_COHORTS, f"{_HOUSE_COHORTS} {IN_ORDER}"),
            "DuckDB": (_DUCK_COHORTS,),
        },
        cohorts_equal,
    ),
    "funnel": Peered(
        {"ClickHouse": _house_funnel("1", ONLY), "DuckDB": _duck_funnel(ONLY)}, levels_equal
    ),
    "funnel_where": Peered(
        {
            "ClickHouse": _house_funnel(f"word >= {FIRST_WORD} and {ONLY}"),
            "DuckDB": _duck_funnel(f"word >= {FIRST_WORD} and {ONLY}"),
        },
        levels_equal,
    ),
    "sessions": Peered(
        {"ClickHouse": (_HOUSE_SESSIONS,), "DuckDB": (_DUCK_SESSIONS,)}, sessions_equal
    ),
}

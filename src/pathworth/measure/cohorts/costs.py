"""What it cost to win an entity: one number for all, or one for every cohort, as JSON or CSV."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pathworth.base.errors import UnknownName, WrongUsage


def read_costs(
    text: str, cohorts: Sequence[str], *, dates: Sequence[str] = ()
) -> list[float | None]:
    """Return the cost of each cohort, null where none is given.

    Parameters
    ----------
    text
        A number; a JSON object of cohorts and numbers; or lines of CSV, each a cohort and a number, with or without
        heads. A cohort is written as the answer writes it; the beginning of a date, such as ``2026-03``, means all
        cohorts whose own date begins so.
    cohorts
        The cohorts as the answer writes them.
    dates
        The local date at which each begins, where cohorts are by when people began.

    Raises
    ------
    WrongUsage
        ``BAD_COST`` for what is no number from 0, ``COST_TWICE`` for two costs of one cohort.
    UnknownName
        ``UNKNOWN_COHORT`` with near ones.
    """
    plain = text.strip()
    one = _number(plain)
    if one is not None:
        return [_checked(one, plain)] * len(cohorts)
    found: list[float | None] = [None] * len(cohorts)
    for name, said in _rows(plain):
        number = _number(said)
        places = _places(name, cohorts, dates)
        if number is None:
            raise _bad(said)
        for place in places:
            if found[place] is not None:
                raise WrongUsage(
                    "COST_TWICE",
                    f"Two costs are given for {cohorts[place]}.",
                    "Give each cohort one cost.",
                )
            found[place] = _checked(number, said)
    return found


def said_costs(cost: float | str | Mapping[str, float] | None) -> str | None:
    """Return a cost as the parameter of a question holds it."""
    if cost is None or isinstance(cost, str):
        return cost
    return json.dumps(dict(cost)) if isinstance(cost, Mapping) else repr(cost)


def local_date(instant: str, timezone: str) -> str:
    """Return the date of an ISO instant in a timezone."""
    return datetime.fromisoformat(instant).astimezone(ZoneInfo(timezone)).date().isoformat()


def _rows(text: str) -> list[tuple[str, str]]:
    if text.startswith("{"):
        return _of_json(text)
    lines = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text)) if row]
    if lines and len(lines[0]) == 2 and _number(lines[0][1]) is None:
        lines = lines[1:]
    if not lines or any(len(row) != 2 for row in lines):
        raise _bad(text)
    return [(name, number) for name, number in lines]


def _of_json(text: str) -> list[tuple[str, str]]:
    try:
        pairs: list[tuple[str, Any]] = json.loads(text, object_pairs_hook=list)
    except ValueError as error:
        raise _bad(text) from error
    return [(name, json.dumps(number)) for name, number in pairs]


def _places(name: str, cohorts: Sequence[str], dates: Sequence[str]) -> list[int]:
    """Return the cohorts that a name means: the one of that name, else those whose date it begins."""
    if name in cohorts:
        return [cohorts.index(name)]
    begun = [k for k, date in enumerate(dates) if name and date.startswith(name)]
    if not begun:
        raise UnknownName.near("cohort", name, [*cohorts, *dates])
    return begun


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _checked(number: float, said: str) -> float:
    if not math.isfinite(number) or number < 0:
        raise _bad(said)
    return number


def _bad(said: str) -> WrongUsage:
    shown = said if len(said) <= 40 else said[:40] + "..."
    return WrongUsage(
        "BAD_COST",
        f"{shown!r} is no cost of winning somebody.",
        'Write a number such as 12.50, {"2026-03": 12.5}, or lines such as 2026-03,12.5.',
    )

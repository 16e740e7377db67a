"""What was planted beside what was found, for the demo's report and for tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pathworth.learn.company.files.folder import PLANTED, TRUTH, write
from pathworth.learn.company.history import history
from pathworth.learn.company.live.drive import Driven, Loop
from pathworth.learn.company.live.live import Live
from pathworth.learn.company.live.parameters import load_interventions
from pathworth.learn.company.live.truths import load_effects
from pathworth.learn.company.parameters import Company, load_company
from pathworth.learn.company.sent.grading import Identified, PersonsOf, identified
from pathworth.value import DoNextRow, IgnoreRow, Price

TIMEZONE = load_company().zone


@dataclass(frozen=True)
class Planted:
    """Something planted: its true worth a month, what was found of it, and at which place of its list.

    ``truth`` is null where no worth was computed; ``found`` and ``rank`` are null when it is on no list. What belongs
    under Ignore is worth 0, and found as 0 when it stands there.
    """

    id: str
    truth: float | None
    found: float | None
    rank: int | None


@dataclass(frozen=True)
class Tried:
    """An intervention that was tried: its true effect, and what its own read-out says of it.

    ``outcome`` says what ``truth`` is the change of, as a share; ``found`` and ``interval`` are of ``metric``, null
    while nothing can be compared. ``stopped`` is after how many days a guardrail ended it, null when none did.
    """

    id: str
    title: str
    outcome: str
    truth: float
    metric: str
    found: float | None
    interval: tuple[float, float] | None
    verdict: str
    sentence: str
    sent: int
    stopped: float | None


def write_company(folder: Path, *, seed: int = 1, people: int | None = None) -> None:
    """Make the demo company of rung R3 and write it to a folder.

    Parameters
    ----------
    people
        Size of the company; null for 20,000.
    """
    company = load_company()
    world = history(company, people=people or company.size.people, seed=seed)
    write(world, folder)


def try_company(
    folder: Path,
    *,
    seed: int = 1,
    people: int | None = None,
    tell: Callable[[str, float], None] = lambda _what, _done: None,
) -> tuple[Tried, ...]:
    """Let the company live its year under its three programs, in a workspace of its own, and read what came of them.

    Parameters
    ----------
    folder
        An empty folder; gets ``workspace`` with everything that came in, the ledger and the experiments.
    people
        Size of the company; null for 20,000. Fewer people settle less.
    tell
        Told which week is over, and how far the year is, from 0 to 1.
    """
    company = load_company()
    live = Live(company, people=people or company.size.people, seed=seed)
    loop = Loop(live, folder)
    driven = loop.run(tell)
    loop.keep()
    return beside(driven, start_us=loop.start_us)


def beside(driven: Sequence[Driven], *, start_us: int) -> tuple[Tried, ...]:
    """Return what came of each intervention beside its truth; programs began at ``start_us``."""
    plan, truth = load_interventions(), load_effects()
    rows = []
    for one in driven:
        kind, reading = plan.kind(one.kind), one.reading
        outcome = kind.outcome
        rows.append(
            Tried(
                id=kind.id,
                title=kind.title,
                outcome=outcome,
                truth=truth.effect(kind.id, outcome).effect,
                metric=reading.metric.name,
                found=reading.metric.difference if reading.finished else None,
                interval=reading.interval,
                verdict=reading.verdict.word,
                sentence=reading.verdict.sentence,
                sent=one.sent,
                stopped=one.stopped_after(start_us),
            )
        )
    return tuple(rows)


def compare(price: Price, folder: Path) -> tuple[Planted, ...]:
    """Return what was planted beside what the price found.

    Parameters
    ----------
    folder
        Where ``write`` put the company; only its ``truth/`` is read.
    """
    rows: list[dict[str, Any]] = yaml.safe_load((folder / TRUTH / PLANTED).read_text())
    return tuple(_beside(row, price) for row in rows)


def compare_people(persons_of: PersonsOf, folder: Path) -> Identified:
    """Return how well raw ids were put together to people; see ``identified``.

    Parameters
    ----------
    folder
        Where ``write`` put the company; only its ``truth/`` is read.
    """
    return identified(persons_of, folder / TRUTH)


def _beside(row: dict[str, Any], price: Price) -> Planted:
    if row["place"] == "ignore":
        rank = _ignored(row, price.ignore)
        return Planted(row["id"], 0.0, None if rank is None else 0.0, rank)
    listed = price.cannot_fix if row["place"] == "cannot_fix" else price.do_next
    rank = _listed(row, listed)
    found = None if rank is None else listed[rank - 1].per_month
    return Planted(row["id"], row.get("per_month"), found, rank)


def _listed(row: dict[str, Any], listed: Sequence[DoNextRow]) -> int | None:
    """Return the place of the first row about the planted people."""
    group = row.get("property"), row.get("value")
    places = (
        place
        for place, one in enumerate(listed, 1)
        if (one.group.property, one.group.value) == group
    )
    return next(places, None)


def _ignored(row: dict[str, Any], listed: Sequence[IgnoreRow]) -> int | None:
    """Return the place of the row about the planted event, if its reason is the right one."""
    places = (
        place
        for place, one in enumerate(listed, 1)
        if one.reason == row["reason"]
        and row["event"] in {one.event, one.group.value if one.group else None}
    )
    return next(places, None)


def switched_off(company: Company | None = None) -> tuple[str, ...]:
    """Return, in words, which impurities of real data a company leaves out; the demo's where none is named."""
    noise = (company or load_company()).noise
    off = {
        "identity": "everybody keeps one id: no anonymous visits, second devices or kiosks",
        "strangers": "no employees, test accounts or bots",
        "duplicates": "nothing is sent twice",
        "late": "nothing arrives late",
    }
    return tuple(
        f"Switched off ({key}): {text}." for key, text in off.items() if not getattr(noise, key)
    )

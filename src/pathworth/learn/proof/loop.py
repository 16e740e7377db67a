"""Grades the whole loop: three interventions through Pathworth's own programs, ledger and read-out, seed after seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pathworth.learn.company import load_company
from pathworth.learn.company.live import Driven, Live, Loop, load_interventions
from pathworth.learn.company.live.truths import load_effects
from pathworth.learn.proof.coverage import Row, exact_interval
from pathworth.learn.proof.runs import GRADED

SOURCES = (*GRADED, "act", "atlas", "collect", "learn/experiments")
"""Folders of every source that a read-out passes through."""
STATED_ERROR = 0.025
"""A read-out calls something working that does nothing at most this often: one side of its 95 % interval."""
WORDS = ("works", "no effect", "harms", "cannot tell yet")
STOPPED = "I3 stopped by its guardrail within four weeks"


@dataclass(frozen=True)
class LoopCase:
    """One case of the proof.

    Parameters
    ----------
    people
        Size of the company.
    first, seeds
        Fixed before the first run: from ``first`` on, so many. Seeds 1 to 60 were looked at while this was built.
    until_week
        The last week that is lived.
    stopped
        In how many of the seeds the guardrail must stop I3 within four weeks.
    """

    people: int = 20_000
    first: int = 7001
    seeds: int = 40
    until_week: int = 52
    stopped: int = 36

    @property
    def key(self) -> str:
        """Return the name of the file of finished seeds."""
        return f"loop-{self.people}-{self.until_week}"


CASES = (LoopCase(),)


def grade_loop(case: LoopCase, seed: int) -> Row:
    """Grade one seed: the verdict on each intervention beside the truth, and when I3 was stopped.

    Parameters
    ----------
    case
        Size and length.
    seed
        Of the company.

    Returns
    -------
    For each intervention and verdict: units whose time was over, whether that was the verdict, the difference found.
    For each intervention with a finished comparison: whether the interval that decides holds the true effect. For
    the guardrail: messages sent, whether it stopped I3 in time, after how many days.
    """
    with TemporaryDirectory(prefix="pathworth-loop-") as folder:
        live = Live(load_company(), people=case.people, seed=seed)
        loop = Loop(live, Path(folder), until_week=case.until_week)
        return graded_rows(loop.run(), start_us=loop.start_us)


def graded_rows(driven: Sequence[Driven], *, start_us: int) -> Row:
    """Return the row of one seed; programs began at ``start_us``."""
    plan, truth = load_interventions(), load_effects()
    row: dict[str, tuple[int, bool, float]] = {}
    for one in driven:
        kind, reading = plan.kind(one.kind), one.reading
        for word in WORDS:
            said = reading.verdict.word == word
            row[f"{kind.id} {word}"] = (reading.finished, said, reading.metric.difference)
        if kind.id == "I3":
            days = one.stopped_after(start_us)
            row[STOPPED] = (one.sent, days is not None and days <= 28.0, days or 0.0)
        elif reading.interval is not None:
            low, high = reading.interval
            effect = truth.effect(kind.id, kind.outcome).effect
            held = low <= effect <= high
            row[f"{kind.id} interval holds the truth"] = (reading.finished, held, effect)
    return row


@dataclass(frozen=True)
class LoopLine:
    """One line of the report; ``holds`` is null where nothing was stated."""

    key: str
    seeds: int
    times: int
    mean: float
    holds: bool | None


def loop_lines(case: LoopCase, rows: Mapping[int, Row]) -> tuple[LoopLine, ...]:
    """Return one line per thing graded, with the bars that were stated before the first run."""
    lines = []
    for key in sorted({key for row in rows.values() for key in row}):
        seen = [row[key] for _, row in sorted(rows.items()) if key in row]
        times = sum(hit for _, hit, _ in seen)
        mean = sum(value for _, _, value in seen) / len(seen)
        lines.append(LoopLine(key, len(seen), times, mean, _holds(case, key, times, len(seen))))
    return tuple(lines)


def _holds(case: LoopCase, key: str, times: int, seeds: int) -> bool | None:
    if key in {"I1 harms", "I1 no effect"}:
        return times == 0
    if key == "I2 works":
        return exact_interval(times, seeds)[0] <= STATED_ERROR
    if key == STOPPED:
        return times >= case.stopped * seeds / case.seeds - 1e-9
    return None


def loop_section(case: LoopCase, rows: Mapping[int, Row]) -> str:
    """Return the table of one case for the report."""
    title = (
        f"## The loop, {case.people:,} people, {len(rows)} of {case.seeds} seeds from {case.first}"
    )
    told = {True: "yes", False: "**no**", None: ""}
    lines = [title, "", "| verdict | seeds | times | mean | holds |", "|---|---:|---:|---:|---|"]
    lines.extend(
        f"| {one.key} | {one.seeds} | {one.times} | {one.mean:.3f} | {told[one.holds]} |"
        for one in loop_lines(case, rows)
    )
    return "\n".join([*lines, ""])

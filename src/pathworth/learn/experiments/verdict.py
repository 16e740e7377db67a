"""The verdict in words: what can be concluded of an experiment, and what would change that."""

from __future__ import annotations

import math

from pathworth.learn.experiments.contracts import (
    Experiment,
    Guardrail,
    Interval,
    Ratio,
    Shares,
    Verdict,
)

MINUS = "−"


def judge(
    experiment: Experiment,
    metric: Shares,
    *,
    ratio: Ratio,
    guardrail: Guardrail,
    weeks_left: float | None,
    waiting: int = 0,
) -> Verdict:
    """Return the verdict; the first rule that holds speaks.

    1. Arms that are not as large as was drawn: cannot tell yet, whatever the difference.
    2. The guardrail says stop: it harms.
    3. The interval lies on the better side of nothing: it works; on the other: it harms.
    4. The interval lies within the smallest effect worth having: no effect above its farther end.
    5. Else: cannot tell yet, with the weeks that would settle it.

    Parameters
    ----------
    experiment
        What was asked.
    metric
        Shares of both arms, with the interval that decides.
    ratio, guardrail
        What forbids to believe, or to go on.
    weeks_left
        Until the smallest effect worth having is settled; null when the pace is nothing.
    waiting
        Units whose horizon is not over.
    """
    interval = metric.interval
    better = _turned(interval, experiment)
    if not ratio.believable:
        return Verdict("cannot tell yet", f"Cannot tell yet. {ratio.sentence}", weeks_left)
    if guardrail.stop:
        said = f"It harms. {_counted(guardrail)}; that is more than chance explains."
        return Verdict("harms", said, None)
    if interval is None or better is None:
        return Verdict("cannot tell yet", _too_early(metric, waiting), weeks_left)
    if better[0] > 0:
        return Verdict("works", f"It works. {_compared(metric, interval)}", None)
    if better[1] < 0:
        return Verdict("harms", f"It harms. {_compared(metric, interval)}", None)
    if max(-interval[0], interval[1]) <= experiment.smallest:
        most = math.ceil(round(max(-interval[0], interval[1]) * 100, 6))
        said = f"No effect above {_points(most)}. {_compared(metric, interval)}"
        return Verdict("no effect", said, None)
    said = f"Cannot tell yet. The difference is likely between {signed(interval)} points."
    return Verdict("cannot tell yet", f"{said} {_weeks(experiment, weeks_left)}", weeks_left)


def signed(interval: Interval) -> str:
    """Write an interval of shares in points: ``−2 and +11``."""
    low, high = (_sign(one) for one in interval)
    return f"{low} and {high}"


def points_of(share: float) -> str:
    """Write a share as points, whole unless it is small: ``5 points``."""
    value = share * 100
    return _points(round(value) if value >= 1 and abs(value - round(value)) < 0.05 else value)


def _turned(interval: Interval | None, experiment: Experiment) -> Interval | None:
    if interval is None or experiment.better == "more":
        return interval
    return -interval[1], -interval[0]


def _compared(metric: Shares, interval: Interval) -> str:
    treated, held_out = (_of_hundred(one.share) for one in (metric.treated, metric.held_out))
    return (
        f"Of those treated {treated} in 100 got there, of those held out {held_out}; "
        f"the difference is likely {signed(interval).replace(' and ', ' to ')} points."
    )


def _counted(guardrail: Guardrail) -> str:
    treated, held_out = guardrail.treated, guardrail.held_out
    return f"{treated.did:,} of {treated.of:,} treated protested, {held_out.did:,} of {held_out.of:,} held out"


def _weeks(experiment: Experiment, weeks: float | None) -> str:
    smallest = points_of(experiment.smallest)
    if weeks is None:
        return f"Nobody new comes in: at this pace {smallest} would never be settled."
    count = max(1, math.ceil(weeks))
    many = f"{_about(count)} more week{'s' if count > 1 else ''}"
    return f"About {many} at this pace would settle {smallest}."


def _too_early(metric: Shares, waiting: int) -> str:
    finished = metric.treated.of + metric.held_out.of
    if finished + waiting == 0:
        return "Cannot tell yet. Nobody has met the occasion so far."
    return (
        f"Cannot tell yet. {finished:,} of {finished + waiting:,} have had their time, "
        "too few to compare."
    )


def _about(count: int) -> str:
    return f"{count:,}" if count < 100 else f"{round(count, 1 - len(str(count))):,}"


def _of_hundred(share: float) -> str:
    value = share * 100
    return f"{value:.1f}" if 0 < value < 3 else f"{value:.0f}"


def _points(value: float) -> str:
    text = f"{value:.0f}" if value == int(value) else f"{value:.1f}"
    return f"{text} point" if text == "1" else f"{text} points"


def _sign(share: float) -> str:
    value = round(share * 100, 1) if abs(share) < 0.03 else float(round(share * 100))
    text = f"{abs(value):.0f}" if value == int(value) else f"{abs(value):.1f}"
    return f"{MINUS if value < 0 else '+' if value > 0 else ''}{text}"

"""Ask every question of an imported workspace: ``python -m bench.big_ask FOLDER/workspace``.

The workspace is one that ``bench.big_import --keep`` left. Each question is asked when nothing was read yet by this
process, then again, selections forgotten, and the best of those counts as warm. What a question takes for 10^9
events is its time warm, times as many more events; the bar is ten seconds.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.__main__ import Unselected
from bench.timing import seconds
from pathworth import measure
from pathworth.journeys import Journeys
from pathworth.store import Workspace

BAR_S, OF = 10.0, 1_000_000_000
STEPS = ("event_05", "event_02", "event_09")
FEW = ("event_00", "event_01", "most := event in ('event_02', 'event_03', 'event_04')")


@dataclass(frozen=True)
class Asked:
    """One question and its selection."""

    ask: measure.Ask
    where: str | None = None
    who: str | None = None


QUESTIONS = {
    "transitions": Asked(measure.AskTransitions()),
    "transitions, people": Asked(measure.AskTransitions(entities=True)),
    "transitions, quantiles": Asked(measure.AskTransitions(times="quantiles")),
    "transitions by plan": Asked(measure.AskTransitions(by="plan")),
    "transitions where page": Asked(measure.AskTransitions(), where="page > '/page/5'"),
    "transitions who plan": Asked(measure.AskTransitions(), who="plan in ('free', 'pro')"),
    "retention": Asked(measure.AskRetention(period="month")),
    "retention, rolling, by plan": Asked(measure.AskRetention(mode="rolling", by="plan")),
    "funnel": Asked(measure.AskFunnel(steps=STEPS, within="30d")),
    "funnel, any order": Asked(measure.AskFunnel(steps=STEPS, within="30d", order="any")),
    "funnel, exclusion, survival": Asked(
        measure.AskFunnel(
            steps=STEPS, within="30d", exclude=("event_11 after 1 before 3",), times="survival"
        )
    ),
    "funnel, occurrences": Asked(measure.AskFunnel(steps=STEPS, within="30d", count="occurrences")),
    "sessions": Asked(measure.AskSessions(gap="1d")),
    "trends by plan": Asked(measure.AskTrends(steps=("event_05",), by="plan")),
    "trends of a number": Asked(measure.AskTrends(number="value")),
    "lifecycle": Asked(measure.AskLifecycle(period="month")),
    "stickiness": Asked(measure.AskStickiness()),
    "cut": Asked(measure.AskCut()),
    "paths": Asked(measure.AskPaths(anchor="event_05")),
    "paths back from the end": Asked(measure.AskPaths(direction="backward")),
    "step matrix": Asked(measure.AskStepMatrix(anchor="event_05")),
    "step sankey": Asked(measure.AskStepSankey(anchor="event_05")),
    "variants of states": Asked(measure.AskVariants(states=FEW)),
    "variants": Asked(measure.AskVariants(length=5)),
    "rework": Asked(measure.AskRework()),
    "matches": Asked(measure.AskMatches(pattern="event_05 -> [^event_02]* -> event_09")),
    "cohorts": Asked(measure.AskCohorts(period="month")),
    "separates": Asked(measure.AskSeparates(goal="event_40")),
}


def main() -> int:
    """Ask and print; 1 when a question would take longer than it may."""
    asked = arguments()
    store = Workspace.open(asked.workspace)
    journeys, engine = Journeys(store.snapshot()), Unselected(asked.threads)
    events = journeys.snapshot.events
    print(
        f"{events:,} events, {journeys.snapshot.entities:,} people, {engine.threads} threads;"
        f" seconds, and as many times {OF:,} events would take"
    )
    print(f"{'question':28s} {'first':>7s} {'warm':>7s} {'at 10^9':>8s} {'of the bar':>11s}")
    worst = 0.0
    for name, one in QUESTIONS.items():
        if asked.only is not None and name not in asked.only:
            continue
        took = [once(one, journeys, engine) for _ in range(asked.times + 1)]
        warm = statistics.median(took[1:])
        large = warm * OF / events
        worst = max(worst, large / BAR_S)
        print(
            f"{name:28s} {took[0]:7.2f} {warm:7.2f} {large:8.2f} {large / BAR_S:11.2f}", flush=True
        )
    print(f"resident at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB")
    return int(worst > 1)


def once(one: Asked, journeys: Journeys, engine: Unselected) -> float:
    """Return the seconds that a question takes, its selection evaluated anew."""
    engine.forget()
    chosen = Journeys(journeys.snapshot, where=one.where, who=one.who)
    return seconds(lambda: one.ask.answer(chosen, engine=engine))


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.big_ask", description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--times", type=int, default=3, help="how often each is asked warm")
    parser.add_argument("--threads", type=int, default=None)
    parser.add_argument("--only", nargs="*", default=None, help="names of questions")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

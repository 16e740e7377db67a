"""One example of every question in measure's table, for the tests that hold for all of them."""

from __future__ import annotations

from pathworth import measure
from pathworth.measure import (
    AskCohorts,
    AskCut,
    AskFunnel,
    AskLifecycle,
    AskMatches,
    AskPaths,
    AskRetention,
    AskRework,
    AskSeparates,
    AskSessions,
    AskStepMatrix,
    AskStepSankey,
    AskStickiness,
    AskTransitions,
    AskTrends,
    AskVariants,
)

STEPS = ("e0", "early := event = 'e1' and size < 3", "late := plan = 'pro' or event = 'e2'")


EXAMPLES: dict[str, list[measure.Ask]] = {
    "transitions": [
        AskTransitions(entities=True),
        AskTransitions(entities=True, by="plan", money="value", times="quantiles"),
        AskTransitions(entities=True, steps=STEPS, times="quantiles", chosen=("e0", "late")),
        AskTransitions(by="plan"),
    ],
    "retention": [
        AskRetention(period="week", by="plan"),
        AskRetention(start="event = 'e0'", return_="event <> 'e0'", mode="rolling", by="plan"),
        AskRetention(period="day", mode="unbounded"),
        AskRetention(period="week", mode="recurring", start="event = 'e0'", by="plan"),
        AskRetention(period="week", start="event = 'e0'", nth=2),
        AskRetention(mode="rolling", nth=4),
    ],
    "sessions": [AskSessions(gap="6h", by="plan"), AskSessions()],
    "funnel": [
        AskFunnel(steps=STEPS, within="9d", by="plan", times="quantiles"),
        AskFunnel(steps=("e0", "e1 | e2", "e3"), order="strict"),
        AskFunnel(steps=STEPS, within="1d", order="any"),
        AskFunnel(
            steps=("e0", "e1?", "e2", "e3"),
            within="30d",
            step_within="14d",
            exclude=("e4 after 1 before 3", "e5 after 3"),
            by="plan",
            times="survival",
        ),
        AskFunnel(
            steps=("e0", "e1?", "e2"),
            within="20d",
            count="occurrences",
            by="plan",
            times="survival",
        ),
        AskFunnel(steps=("e0", "e1"), order="any", count="occurrences", times="quantiles"),
    ],
    "lifecycle": [
        AskLifecycle(period="month"),
        AskLifecycle(active="event = 'e0'", period="week", by="plan"),
        AskLifecycle(period="day"),
    ],
    "trends": [
        AskTrends(steps=STEPS, number="size", by="plan"),
        AskTrends(period="month", number="value", by="plan", by_from="property"),
        AskTrends(steps=("e0", "e1 | e2"), period="day"),
    ],
    "stickiness": [
        AskStickiness(by="plan"),
        AskStickiness(active="event = 'e0'", period="week"),
        AskStickiness(period="month", by="plan"),
    ],
    "cut": [AskCut()],
    "paths": [
        AskPaths(anchor="e1", by="plan"),
        AskPaths(direction="backward", depth=3, most=2, opened=("-1",), times="quantiles"),
        AskPaths(anchor="e1", until="e4", within="30d", count="occurrences", most=3, by="plan"),
        AskPaths(anchor="big := size > 3", which="last", repeats="keep", within="40d"),
        AskPaths(states=("e0", "x := event in ('e1', 'e2')"), which="2", depth=2, most=1),
    ],
    "step_matrix": [
        AskStepMatrix(anchor="e2", depth=3, most=4, by="plan"),
        AskStepMatrix(anchor="e1", count="occurrences", within="20d", repeats="keep"),
    ],
    "step_sankey": [
        AskStepSankey(anchor="e2", depth=2, most=4, by="plan"),
        AskStepSankey(anchor="e1", depth=2, count="occurrences", within="20d"),
    ],
    "variants": [
        AskVariants(length=3, by="plan"),
        AskVariants(states=("e0", "x := event in ('e1', 'e2')"), most=4),
        AskVariants(repeats="keep"),
    ],
    "rework": [
        AskRework(by="plan"),
        AskRework(states=("e0", "x := event in ('e1', 'e2')", "e3"), most=1),
    ],
    "matches": [
        AskMatches(pattern="e0 -> [^e1]* -> e2", within="30d", by="plan"),
        AskMatches(pattern="start -> . ->> (e1 | e3){2}"),
        AskMatches(pattern="[^e4]+ -> end"),
    ],
    "cohorts": [
        AskCohorts(amount="size", period="week", cost='{"2023-11": 3, "2023-12-04": 5.5}'),
        AskCohorts(
            start="event = 'e0'",
            paid="event <> 'e3'",
            amount="size",
            period="day",
            by="plan",
            ages=9,
        ),
        AskCohorts(amount="size", behaviour="did('e2', at_least=3)", cost="40", ages=2),
        AskCohorts(period="day", ages=1),
    ],
    "separates": [
        AskSeparates(goal="e5"),
        AskSeparates(goal="big := event = 'e5' and size > 3", within="20d", most=7),
        AskSeparates(goal="e1 | e2", states=("e0", "x := event in ('e3', 'e4')", "e5")),
    ],
}
"""Events e0 to e5, traits plan (text), size (number): see ``tests.journeys.build.random_rows``."""

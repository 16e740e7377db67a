"""One example of every question in measure's table, for the tests that hold for all of them."""

from __future__ import annotations

from pathworth import measure
from pathworth.measure import AskLifecycle, AskRetention, AskSessions, AskTransitions

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
    "lifecycle": [
        AskLifecycle(period="month"),
        AskLifecycle(active="event = 'e0'", period="week", by="plan"),
        AskLifecycle(period="day"),
    ],
}
"""Events e0 to e5, traits plan (text), size (number): see ``tests.journeys.build.random_rows``."""

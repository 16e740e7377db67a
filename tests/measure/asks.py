"""One example of every question in measure's table, for the tests that hold for all of them."""

from __future__ import annotations

from pathworth import measure
from pathworth.measure import AskFunnel, AskLifecycle

_RULED = ("e0", "early := event = 'e1' and size < 3", "late := plan = 'pro' or event = 'e2'")

EXAMPLES: dict[str, list[measure.Ask]] = {
    "funnel": [
        AskFunnel(steps=_RULED, within="9d", by="plan", times="quantiles"),
        AskFunnel(steps=("e0", "e1 | e2", "e3"), order="strict"),
        AskFunnel(steps=_RULED, within="1d", order="any"),
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
}
"""Events e0 to e5, traits plan (text), size (number): see ``tests.journeys.build.random_rows``."""

"""One example of every question in measure's table, for the tests that hold for all of them."""

from __future__ import annotations

from pathworth import measure
from pathworth.measure import AskLifecycle

EXAMPLES: dict[str, list[measure.Ask]] = {
    "lifecycle": [
        AskLifecycle(period="month"),
        AskLifecycle(active="event = 'e0'", period="week", by="plan"),
        AskLifecycle(period="day"),
    ],
}
"""Events e0 to e5, traits plan (text), size (number): see ``tests.journeys.build.random_rows``."""

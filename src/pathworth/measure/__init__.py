"""How many, how often, how long? Transitions, funnel, retention, sessions, the people behind numbers."""

from pathworth.measure.contracts import (
    Cell,
    Cohort,
    Edge,
    EdgeCell,
    EdgesOf,
    Funnel,
    FunnelCell,
    FunnelOf,
    FunnelStep,
    People,
    Retention,
    RetentionCell,
    SelectionCell,
    Sessions,
    Transitions,
)
from pathworth.measure.funnel import funnel
from pathworth.measure.intervals import jackknife, median, wilson
from pathworth.measure.people import people
from pathworth.measure.retention import retention
from pathworth.measure.sessions import sessions
from pathworth.measure.transitions import transitions

__all__ = [
    "Cell",
    "Cohort",
    "Edge",
    "EdgeCell",
    "EdgesOf",
    "Funnel",
    "FunnelCell",
    "FunnelOf",
    "FunnelStep",
    "People",
    "Retention",
    "RetentionCell",
    "SelectionCell",
    "Sessions",
    "Transitions",
    "funnel",
    "jackknife",
    "median",
    "people",
    "retention",
    "sessions",
    "transitions",
    "wilson",
]

"""How many, how often, how long? Transitions, funnel, retention, sessions, the people behind numbers."""

from pathworth.measure.contracts import (
    Cell,
    Cohort,
    Difference,
    Edge,
    EdgeCell,
    EdgesOf,
    Funnel,
    FunnelCell,
    FunnelDiff,
    FunnelOf,
    FunnelStep,
    FunnelStepDiff,
    People,
    Retention,
    RetentionCell,
    RetentionCellDiff,
    RetentionDiff,
    RetentionOf,
    SelectionCell,
    Sessions,
    SessionsDiff,
    Transitions,
)
from pathworth.measure.diff import funnel_diff, retention_diff, sessions_diff
from pathworth.measure.flow.transitions import transitions
from pathworth.measure.funnels.funnel import funnel
from pathworth.measure.intervals import jackknife, median, newcombe, wilson
from pathworth.measure.people import located, people
from pathworth.measure.returns.retention import retention
from pathworth.measure.rules import as_steps
from pathworth.measure.sessions import sessions

__all__ = [
    "Cell",
    "Cohort",
    "Difference",
    "Edge",
    "EdgeCell",
    "EdgesOf",
    "Funnel",
    "FunnelCell",
    "FunnelDiff",
    "FunnelOf",
    "FunnelStep",
    "FunnelStepDiff",
    "People",
    "Retention",
    "RetentionCell",
    "RetentionCellDiff",
    "RetentionDiff",
    "RetentionOf",
    "SelectionCell",
    "Sessions",
    "SessionsDiff",
    "Transitions",
    "as_steps",
    "funnel",
    "funnel_diff",
    "jackknife",
    "located",
    "median",
    "newcombe",
    "people",
    "retention",
    "retention_diff",
    "sessions",
    "sessions_diff",
    "transitions",
    "wilson",
]

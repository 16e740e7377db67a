"""How many, how often, how long? Transitions, funnel, retention, sessions, the people behind numbers."""

from pathworth.measure.answers import Answer, Chart, Sheet
from pathworth.measure.asking import Ask, Behind, Compares
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
from pathworth.measure.people import located, people, people_behind
from pathworth.measure.returns.lifecycle import AskLifecycle, Lifecycle, LifecycleDiff, lifecycle
from pathworth.measure.returns.retention import retention
from pathworth.measure.rules import as_steps
from pathworth.measure.sessions import sessions

ASKS: tuple[type[Ask], ...] = (AskLifecycle,)
"""Every question that all faces ask by the same word, with the same parameters."""

__all__ = [
    "ASKS",
    "Answer",
    "Ask",
    "AskLifecycle",
    "Behind",
    "Cell",
    "Chart",
    "Cohort",
    "Compares",
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
    "Lifecycle",
    "LifecycleDiff",
    "People",
    "Retention",
    "RetentionCell",
    "RetentionCellDiff",
    "RetentionDiff",
    "RetentionOf",
    "SelectionCell",
    "Sessions",
    "SessionsDiff",
    "Sheet",
    "Transitions",
    "as_steps",
    "funnel",
    "funnel_diff",
    "jackknife",
    "lifecycle",
    "located",
    "median",
    "newcombe",
    "people",
    "people_behind",
    "retention",
    "retention_diff",
    "sessions",
    "sessions_diff",
    "transitions",
    "wilson",
]

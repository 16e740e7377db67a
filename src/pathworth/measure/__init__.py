"""How many, how often, how long? Transitions, funnel, retention, sessions, the people behind numbers."""

from pathworth.measure.answers import Answer, Chart, Sheet
from pathworth.measure.asking import Ask, Behind, Compares, differ
from pathworth.measure.contracts import (
    Difference,
    Funnel,
    FunnelCell,
    FunnelDiff,
    FunnelOf,
    FunnelStep,
    FunnelStepDiff,
    People,
)
from pathworth.measure.diff.funnel import funnel_diff
from pathworth.measure.flow.contracts import (
    Edge,
    EdgeDiff,
    EdgesOf,
    Transitions,
    TransitionsDiff,
)
from pathworth.measure.flow.transitions import AskTransitions, transitions
from pathworth.measure.funnels.funnel import funnel
from pathworth.measure.intervals import bh_q, jackknife, median, newcombe, wilson
from pathworth.measure.people import located, people, people_behind
from pathworth.measure.returns.contracts import (
    Cohort,
    Retention,
    RetentionCellDiff,
    RetentionDiff,
    RetentionOf,
)
from pathworth.measure.returns.lifecycle import AskLifecycle, Lifecycle, LifecycleDiff, lifecycle
from pathworth.measure.returns.retention import AskRetention, retention
from pathworth.measure.rules import as_steps
from pathworth.measure.visits.contracts import (
    SessionEdge,
    Sessions,
    SessionsDiff,
    SessionsOf,
    Spread,
)
from pathworth.measure.visits.sessions import AskSessions, sessions

ASKS: tuple[type[Ask], ...] = (AskTransitions, AskRetention, AskSessions, AskLifecycle)
"""Every question that all faces ask by the same word, with the same parameters."""

__all__ = [
    "ASKS",
    "Answer",
    "Ask",
    "AskLifecycle",
    "AskRetention",
    "AskSessions",
    "AskTransitions",
    "Behind",
    "Chart",
    "Cohort",
    "Compares",
    "Difference",
    "Edge",
    "EdgeDiff",
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
    "RetentionCellDiff",
    "RetentionDiff",
    "RetentionOf",
    "SessionEdge",
    "Sessions",
    "SessionsDiff",
    "SessionsOf",
    "Sheet",
    "Spread",
    "Transitions",
    "TransitionsDiff",
    "as_steps",
    "bh_q",
    "differ",
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
    "sessions",
    "transitions",
    "wilson",
]

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
from pathworth.measure.diff import retention_diff, sessions_diff
from pathworth.measure.flow.transitions import transitions
from pathworth.measure.funnels.answer import (
    CurvePoint,
    Funnel,
    FunnelDiff,
    FunnelOf,
    FunnelStep,
    FunnelStepDiff,
    Survival,
)
from pathworth.measure.funnels.funnel import AskFunnel, funnel, funnel_diff
from pathworth.measure.funnels.plan import funnel_steps
from pathworth.measure.funnels.words import (
    Exclusion,
    ExclusionWord,
    OptionalStep,
    StepWord,
    Written,
    one_of,
    optional,
    read_body,
    read_exclusion,
    read_optional,
)
from pathworth.measure.intervals import jackknife, median, newcombe, wilson
from pathworth.measure.people import located, people, people_behind
from pathworth.measure.returns.lifecycle import AskLifecycle, Lifecycle, LifecycleDiff, lifecycle
from pathworth.measure.returns.retention import retention
from pathworth.measure.rules import as_steps, name_rule
from pathworth.measure.sessions import sessions

ASKS: tuple[type[Ask], ...] = (AskFunnel, AskLifecycle)
"""Every question that all faces ask by the same word, with the same parameters."""

__all__ = [
    "ASKS",
    "Answer",
    "Ask",
    "AskFunnel",
    "AskLifecycle",
    "Behind",
    "Cell",
    "Chart",
    "Cohort",
    "Compares",
    "CurvePoint",
    "Difference",
    "Edge",
    "EdgeCell",
    "EdgesOf",
    "Exclusion",
    "ExclusionWord",
    "Funnel",
    "FunnelDiff",
    "FunnelOf",
    "FunnelStep",
    "FunnelStepDiff",
    "Lifecycle",
    "LifecycleDiff",
    "OptionalStep",
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
    "StepWord",
    "Survival",
    "Transitions",
    "Written",
    "as_steps",
    "funnel",
    "funnel_diff",
    "funnel_steps",
    "jackknife",
    "lifecycle",
    "located",
    "median",
    "name_rule",
    "newcombe",
    "one_of",
    "optional",
    "people",
    "people_behind",
    "read_body",
    "read_exclusion",
    "read_optional",
    "retention",
    "retention_diff",
    "sessions",
    "sessions_diff",
    "transitions",
    "wilson",
]

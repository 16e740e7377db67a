"""How many, how often, how long? Transitions, funnel, retention, sessions, the people behind numbers."""

from pathworth.measure.answers import Answer, Chart, Sheet
from pathworth.measure.asking import Ask, Behind, Compares
from pathworth.measure.cohorts.answer import Cohorts, CohortsDiff
from pathworth.measure.cohorts.cohorts import AskCohorts, cohorts
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
from pathworth.measure.counts.stickiness import AskStickiness, stickiness
from pathworth.measure.counts.stickiness_answer import Stickiness, StickinessDiff
from pathworth.measure.counts.trends import AskTrends, trends
from pathworth.measure.counts.trends_answer import Trends, TrendsDiff
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
from pathworth.measure.paths.answer import Paths, PathsDiff
from pathworth.measure.paths.around import (
    AskStepMatrix,
    AskStepSankey,
    step_matrix,
    step_sankey,
)
from pathworth.measure.paths.around_answer import (
    StepMatrix,
    StepMatrixDiff,
    StepSankey,
    StepSankeyDiff,
)
from pathworth.measure.paths.paths import AskPaths, paths
from pathworth.measure.paths.rework import AskRework, rework
from pathworth.measure.paths.rework_answer import Rework, ReworkDiff
from pathworth.measure.paths.variants import AskVariants, variants
from pathworth.measure.paths.variants_answer import Variants, VariantsDiff
from pathworth.measure.patterns.answer import Matches, MatchesDiff
from pathworth.measure.patterns.matches import AskMatches, NamedPattern, matches
from pathworth.measure.people import located, people, people_behind
from pathworth.measure.reconcile import Number, Reconciled, WhyDiffer, listed, reconcile, why_differ
from pathworth.measure.returns.lifecycle import AskLifecycle, Lifecycle, LifecycleDiff, lifecycle
from pathworth.measure.returns.retention import retention
from pathworth.measure.rules import as_steps, name_rule
from pathworth.measure.separating.answer import Separates
from pathworth.measure.separating.separates import AskSeparates, separates, separates_diff
from pathworth.measure.sessions import sessions

ASKS: tuple[type[Ask], ...] = (
    AskFunnel,
    AskTrends,
    AskLifecycle,
    AskStickiness,
    AskPaths,
    AskStepMatrix,
    AskStepSankey,
    AskVariants,
    AskRework,
    AskMatches,
    AskCohorts,
    AskSeparates,
)
"""Every question that all faces ask by the same word, with the same parameters."""

__all__ = [
    "ASKS",
    "Answer",
    "Ask",
    "AskCohorts",
    "AskFunnel",
    "AskLifecycle",
    "AskMatches",
    "AskPaths",
    "AskRework",
    "AskSeparates",
    "AskStepMatrix",
    "AskStepSankey",
    "AskStickiness",
    "AskTrends",
    "AskVariants",
    "Behind",
    "Cell",
    "Chart",
    "Cohort",
    "Cohorts",
    "CohortsDiff",
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
    "Matches",
    "MatchesDiff",
    "NamedPattern",
    "Number",
    "OptionalStep",
    "Paths",
    "PathsDiff",
    "People",
    "Reconciled",
    "Retention",
    "RetentionCell",
    "RetentionCellDiff",
    "RetentionDiff",
    "RetentionOf",
    "Rework",
    "ReworkDiff",
    "SelectionCell",
    "Separates",
    "Sessions",
    "SessionsDiff",
    "Sheet",
    "StepMatrix",
    "StepMatrixDiff",
    "StepSankey",
    "StepSankeyDiff",
    "StepWord",
    "Stickiness",
    "StickinessDiff",
    "Survival",
    "Transitions",
    "Trends",
    "TrendsDiff",
    "Variants",
    "VariantsDiff",
    "WhyDiffer",
    "Written",
    "as_steps",
    "cohorts",
    "funnel",
    "funnel_diff",
    "funnel_steps",
    "jackknife",
    "lifecycle",
    "listed",
    "located",
    "matches",
    "median",
    "name_rule",
    "newcombe",
    "one_of",
    "optional",
    "paths",
    "people",
    "people_behind",
    "read_body",
    "read_exclusion",
    "read_optional",
    "reconcile",
    "retention",
    "retention_diff",
    "rework",
    "separates",
    "separates_diff",
    "sessions",
    "sessions_diff",
    "step_matrix",
    "step_sankey",
    "stickiness",
    "transitions",
    "trends",
    "variants",
    "why_differ",
    "wilson",
]

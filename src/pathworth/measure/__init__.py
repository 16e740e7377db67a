"""How many, how often, how long? Transitions, funnel, retention, sessions, the people behind numbers."""

from pathworth.measure.answers import Answer, Chart, Sheet
from pathworth.measure.asking import Ask, Behind, Compares, ComparesPeople, differ
from pathworth.measure.cohorts.answer import Cohorts, CohortsDiff
from pathworth.measure.cohorts.cohorts import AskCohorts, cohorts
from pathworth.measure.contracts import Difference, People
from pathworth.measure.counts.cut import AskCut, Cut, cut
from pathworth.measure.counts.stickiness import AskStickiness, stickiness
from pathworth.measure.counts.stickiness_answer import Stickiness, StickinessDiff
from pathworth.measure.counts.trends import AskTrends, trends
from pathworth.measure.counts.trends_answer import Trends, TrendsDiff
from pathworth.measure.flow.contracts import (
    Edge,
    EdgeDiff,
    EdgesOf,
    Transitions,
    TransitionsDiff,
)
from pathworth.measure.flow.transitions import AskTransitions, transitions
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
from pathworth.measure.intervals import bh_q, jackknife, median, newcombe, wilson
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
from pathworth.measure.people import people, people_behind, people_behind_both
from pathworth.measure.reconcile import Number, Reconciled, WhyDiffer, listed, reconcile, why_differ
from pathworth.measure.responses import Estimated, Responses, responses
from pathworth.measure.returns.contracts import (
    Cohort,
    Retention,
    RetentionCellDiff,
    RetentionDiff,
    RetentionOf,
)
from pathworth.measure.returns.lifecycle import AskLifecycle, Lifecycle, LifecycleDiff, lifecycle
from pathworth.measure.returns.retention import AskRetention, retention
from pathworth.measure.rules import as_steps, name_rule
from pathworth.measure.separating.answer import Separates
from pathworth.measure.separating.separates import AskSeparates, separates, separates_diff
from pathworth.measure.visits.contracts import (
    SessionEdge,
    Sessions,
    SessionsDiff,
    SessionsOf,
    Spread,
)
from pathworth.measure.visits.sessions import AskSessions, sessions

ASKS: tuple[type[Ask], ...] = (
    AskTransitions,
    AskFunnel,
    AskRetention,
    AskSessions,
    AskTrends,
    AskLifecycle,
    AskStickiness,
    AskCut,
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
    "AskCut",
    "AskFunnel",
    "AskLifecycle",
    "AskMatches",
    "AskPaths",
    "AskRetention",
    "AskRework",
    "AskSeparates",
    "AskSessions",
    "AskStepMatrix",
    "AskStepSankey",
    "AskStickiness",
    "AskTransitions",
    "AskTrends",
    "AskVariants",
    "Behind",
    "Chart",
    "Cohort",
    "Cohorts",
    "CohortsDiff",
    "Compares",
    "ComparesPeople",
    "CurvePoint",
    "Cut",
    "Difference",
    "Edge",
    "EdgeDiff",
    "EdgesOf",
    "Estimated",
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
    "Responses",
    "Retention",
    "RetentionCellDiff",
    "RetentionDiff",
    "RetentionOf",
    "Rework",
    "ReworkDiff",
    "Separates",
    "SessionEdge",
    "Sessions",
    "SessionsDiff",
    "SessionsOf",
    "Sheet",
    "Spread",
    "StepMatrix",
    "StepMatrixDiff",
    "StepSankey",
    "StepSankeyDiff",
    "StepWord",
    "Stickiness",
    "StickinessDiff",
    "Survival",
    "Transitions",
    "TransitionsDiff",
    "Trends",
    "TrendsDiff",
    "Variants",
    "VariantsDiff",
    "WhyDiffer",
    "Written",
    "as_steps",
    "bh_q",
    "cohorts",
    "cut",
    "differ",
    "funnel",
    "funnel_diff",
    "funnel_steps",
    "jackknife",
    "lifecycle",
    "listed",
    "matches",
    "median",
    "name_rule",
    "newcombe",
    "one_of",
    "optional",
    "paths",
    "people",
    "people_behind",
    "people_behind_both",
    "read_body",
    "read_exclusion",
    "read_optional",
    "reconcile",
    "responses",
    "retention",
    "rework",
    "separates",
    "separates_diff",
    "sessions",
    "step_matrix",
    "step_sankey",
    "stickiness",
    "transitions",
    "trends",
    "variants",
    "why_differ",
    "wilson",
]

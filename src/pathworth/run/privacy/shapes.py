"""What the fields of answers are: which numbers count people, and which other ones could be told from them.

A whole number that is not named here counts people, or what people did, and the record that holds it is about them:
a new answer is cautious until somebody says that it need not be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_NO_COUNTS_TEXT = """
seq revision age k level position positions rank periods joins from_joins to_joins others variants loops id
import_id import rejected_in place batch row at line port horizon_months hidden_moves onto left_out tested found
rare more other_events strata seen_events not_seen not_planned score broken attention notice contacts enough bytes
seconds days gaps values limit next visit trigger_seq trigger_us decided_us settled_us since_us first last short
files tables words sessions_open planned_units
"""
NO_COUNTS: Final = frozenset(_NO_COUNTS_TEXT.split())
"""Whole numbers that count no people, whatever record they stand in; ``Type.field`` says it of one record alone."""
NO_COUNTS_OF: Final = frozenset(
    {
        "Tracking.seen",
        "Separating.at_least",
        "Separating.found",
        "Choices.values",
        "Responses.known",
        "MailServer.port",
        "LoginRow.sessions",
    }
)
PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "Overview": ("entities", "events", "waiting"),
    "SegmentLine": ("people",),
    "SegmentView": ("people", "of"),
    "Cut": ("began_before", "go_on_after", "both"),
    "Transitions": ("overlap",),
    "TransitionsDiff": ("shared",),
    "Funnel": ("overlap",),
    "FunnelDiff": ("shared",),
    "FunnelStep": ("censored",),
    "Survival": ("censored", "over"),
    "Cohort": ("retained",),
    "Retention": ("overlap",),
    "RetentionDiff": ("shared",),
    "Sessions": ("overlap",),
    "SessionsDiff": ("shared",),
    "TrendPoint": ("overlap",),
    "TrendWhole": ("overlap",),
    "TrendsDiff": ("shared",),
    "Lifecycle": ("overlap",),
    "Stickiness": ("overlap",),
    "StickinessLevel": ("at_least",),
    "StickinessDiff": ("shared",),
    "Paths": ("overlap",),
    "PathsDiff": ("shared",),
    "StepMatrix": ("overlap",),
    "StepMatrixDiff": ("shared",),
    "MatrixRow": ("counts", "entities"),
    "StepSankey": ("overlap",),
    "StepSankeyDiff": ("shared",),
    "Variants": ("overlap",),
    "VariantsDiff": ("shared",),
    "VariantsOf": ("counts", "rest"),
    "Rework": ("overlap",),
    "ReworkDiff": ("shared",),
    "ReworkState": ("visits", "returning", "returns", "repeating", "again"),
    "Matches": ("overlap",),
    "MatchesDiff": ("shared",),
    "MatchesIn": ("matching", "times", "often"),
    "MoneyCohort": ("younger",),
    "CohortAge": ("payers",),
    "CohortsDiff": ("shared",),
    "SignCount": ("people", "of", "events"),
    "StepFigures": ("visits", "leave"),
    "Waiting": ("events", "batches", "quarantined"),
    "SourceReport": ("events",),
    "Finding": ("seen",),
    "TrackedEvent": ("count", "week", "month"),
    "ImportRow": ("accepted", "rejected", "duplicates", "shadowed"),
    "Undone": ("removed", "restored", "events", "entities", "daily", "daily_restored"),
    "SourceRow": ("events",),
    "Running": ("rows", "rejected", "accepted", "duplicates", "events", "entities"),
    "ExclusionRow": ("ids", "people", "matches"),
    "EntityRow": ("entities", "events", "without", "people_without", "left_out", "behind"),
    "EntityCost": ("entities", "events", "without", "left_out"),
    "Tally": (
        "decided",
        "sent",
        "delivered",
        "on_the_way",
        "failed",
        "unknown",
        "nothing",
        "held_out",
        "waiting",
        "mutes",
    ),
    "AskResults": ("seen", "done"),
    "CalendarDay": ("sent", "nothing", "planned"),
    "ConsentCount": ("given", "withdrawn"),
}
"""Numbers that go alone: the record they stand in says more than they do."""
WITH: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "ReworkState": {"returning": ("returns",), "repeating": ("again",)},
    "MatchesIn": {"matching": ("times", "often"), "times": ("often",)},
    "StepFigures": {
        "leave": ("leave_per_month", "leave_share"),
        "visits": ("again_share", "tau_seconds", "median_seconds"),
    },
    "SignCount": {"people": ("events",), "of": ("people", "events")},
    "Cohort": {"retained": ("intervals",)},
    "VariantsOf": {"counts": ("shares", "intervals")},
    "MatrixRow": {
        "counts": ("entities", "shares", "intervals"),
        "entities": ("counts", "shares", "intervals"),
    },
}
"""What goes with such a number; of rows of numbers what stands at the same place."""
_LOOSE_TEXT = """
overlap shared censored over younger at_least waiting leave visits
"""
LOOSE: Final = frozenset(_LOOSE_TEXT.split())
"""Numbers of which no other share, time or money beside them is made."""
BESIDE: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "SegmentView": (("people", "of"),),
    "SignCount": (("people", "of"),),
    "ReworkState": (("returning", "entities"), ("repeating", "entities")),
    "MatchesIn": (("matching", "entities"),),
    "Separating": (("a_count", "a_of"), ("b_count", "b_of")),
    "Cohort": (("retained", "size"),),
    "Cut": (
        ("began_before", "entities"),
        ("go_on_after", "entities"),
        ("both", "began_before"),
        ("both", "go_on_after"),
    ),
}
"""A part and its whole, of which those who are not in the part must not be few either."""
_STRICT_TEXT = """
LifePeriod Nearest WhyDiffer Reconciled ReadOut PlanSize EdgeDiff
"""
STRICT: Final = frozenset(_STRICT_TEXT.split())
"""Records whose numbers add up to one another: one that goes takes all with it."""
_KEPT_TEXT = """
FunnelStep FunnelStepDiff Cohort RetentionCellDiff Trend TrendDiff TrendPoint LifePeriod StickinessLevel CohortAge
CohortAgeDiff OtherVariants OtherLoops Difference
"""
KEPT: Final = frozenset(_KEPT_TEXT.split())
"""Records that stand at their place and keep their name, without numbers; of all others nothing is said."""
ADDED: Final[Mapping[str, tuple[str, ...]]] = {
    "VariantsOf": ("counts", "rest"),
    "MatchesIn": ("often",),
}
"""Numbers of one record that add up to a number that is shown."""
NESTED: Final = frozenset({"FunnelStep"})
"""Records of a list of which each counts some of those before: what two differ by must not be few either."""
NOT_ADDED: Final = frozenset({"FunnelStep", "CurvePoint", "CohortAge", "DoNextRow", "SignCount"})
"""Records of a list whose numbers add up to nothing that is shown."""
_SINGLE_TEXT = """
PeoplePage Timeline Listed Head Moments FeedRow Explanation Tail QuarantineRow Rejects LinksFound
"""
SINGLE: Final = frozenset(_SINGLE_TEXT.split())
"""Answers about single people: their rows, events, ids, or words."""
EMPTIED: Final = frozenset({"ListedPerson", "Suspect"})
"""Records about single people inside answers that say more than these."""
NEVER: Final = frozenset({"Carrier"})
"""Records that name one person beside a number."""
UNCOUNTED: Final = frozenset({"ColumnValue"})
"""Values with how many events say them: nobody knows of how many people those are."""
_WORDS_TEXT = """
words headline because sentence text why says message result title said notes do_next_why ignore_why
"""
WORDS: Final = frozenset(_WORDS_TEXT.split())
"""Fields of sentences, in which a number may be written out."""
_KEYS_TEXT = """
name level position state kind from_ to through start step value label event states goes_on cohort age k id periods
trait answer reason day property source measure dimensions channel purpose program what
"""
_KEYS: Final = _KEYS_TEXT.split()
_ALIAS: Final = {"shown": "variants", "counts": "shares", "entities": "shares"}


def key_of(record: Any, place: int) -> Any:
    """Return by what a record is told from those beside it: its names, or its place where it has none."""
    held = tuple(
        (name, getattr(record, name))
        for name in _KEYS
        if isinstance(getattr(record, name, None), str | int | tuple | list)
        or (name == "value" and hasattr(record, name))
    )
    return repr(held) if held else place


def plain_name(field: str) -> str:
    """Return how an answer and a comparison of two both call what they say."""
    return _ALIAS.get(field, field)


def sums(record: Any, base: tuple[Any, ...], *, above: Any) -> list[tuple[Any, ...]]:
    """Return which sums a record is a part of, beside that of its list: what flows into a state and out of it.

    Parameters
    ----------
    base
        Where the lists stand.
    above
        The record that holds it.
    """
    kind = type(record).__name__
    if kind in {"PathLink", "SankeyLink"}:
        level = record.level if kind == "PathLink" else record.position
        return [(*base, "out", level, record.from_), (*base, "in", level + 1, record.to)]
    if kind == "PathStop":
        state = (above.level, above.state)
        return [(*base[:-1], "out", *state), (*base[:-1], "in", *state)]
    if kind in {"PathNode", "SankeyNode"}:
        return [(*base, "level", record.level if kind == "PathNode" else record.position)]
    if kind in {"Edge", "Arrow"}:
        return [(*base, "out", record.from_)]
    if kind in {"Variant", "OtherVariants"}:
        return [(*base, "variants")]
    return [(*base, "loops")] if kind in {"ReworkLoop", "OtherLoops"} else []


def told_counts(record: Any) -> tuple[int, ...]:
    """Return counts that can be told from a record's shares and rates."""
    kind = type(record).__name__
    if kind == "RetentionCellDiff":
        pairs = ((record.size_a, record.share.a), (record.size_b, record.share.b))
        return tuple(round(size * share) for size, share in pairs if size and share)
    if kind == "DailyNumber":
        return (max(1, int(record.value)),) if record.value > 0 else ()
    return ()


def arrow_of(record: Any) -> tuple[str, ...] | None:
    """Return the move of a map that a record is about; null when it is about none."""
    if type(record).__name__ in {"Arrow", "DoNextRow", "IgnoreRow"} and record.from_ and record.to:
        return ("arrow", record.from_, record.to)
    return None

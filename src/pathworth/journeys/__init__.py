"""What did one entity do, in order? Selection, the local fold engine, the people behind a number."""

from pathworth.journeys.contracts import AsOf, Engine, Journeys, Part, Question, Slicing, Step
from pathworth.journeys.engine import LocalEngine, local_engine
from pathworth.journeys.fields import EventFields, Field, TraitFields, ids_of
from pathworth.journeys.lanes import Lane, column_of, hit_lane, state_lane, trait_of
from pathworth.journeys.one_event import Kinds, Rule, Seen, may_hold, rule_of
from pathworth.journeys.selection import (
    entity_mask,
    event_mask,
    event_rule,
    step_codes,
    trait_rule,
    whole,
)
from pathworth.journeys.slicing import check_slicing, read_slicing, units_of
from pathworth.journeys.timeline import (
    PersonRow,
    Timeline,
    TimelineEvent,
    event_at,
    find,
    row_of,
    timeline,
    trait_at,
)

__all__ = [
    "AsOf",
    "Engine",
    "EventFields",
    "Field",
    "Journeys",
    "Kinds",
    "Lane",
    "LocalEngine",
    "Part",
    "PersonRow",
    "Question",
    "Rule",
    "Seen",
    "Slicing",
    "Step",
    "Timeline",
    "TimelineEvent",
    "TraitFields",
    "check_slicing",
    "column_of",
    "entity_mask",
    "event_at",
    "event_mask",
    "event_rule",
    "find",
    "hit_lane",
    "ids_of",
    "local_engine",
    "may_hold",
    "read_slicing",
    "row_of",
    "rule_of",
    "state_lane",
    "step_codes",
    "timeline",
    "trait_at",
    "trait_of",
    "trait_rule",
    "units_of",
    "whole",
]

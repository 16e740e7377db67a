"""What did one entity do, in order? Selection, the local fold engine, the people behind a number."""

from pathworth.journeys.contracts import AsOf, Engine, Journeys, Part, Question, Step
from pathworth.journeys.engine import LocalEngine, local_engine
from pathworth.journeys.fields import EventFields, Field, TraitFields
from pathworth.journeys.lanes import Lane, column_of, hit_lane, state_lane, trait_of
from pathworth.journeys.selection import (
    entity_mask,
    event_mask,
    event_rule,
    step_codes,
    trait_rule,
    whole,
)
from pathworth.journeys.timeline import PersonRow, Timeline, TimelineEvent, row_of, timeline

__all__ = [
    "AsOf",
    "Engine",
    "EventFields",
    "Field",
    "Journeys",
    "Lane",
    "LocalEngine",
    "Part",
    "PersonRow",
    "Question",
    "Step",
    "Timeline",
    "TimelineEvent",
    "TraitFields",
    "column_of",
    "entity_mask",
    "event_mask",
    "event_rule",
    "hit_lane",
    "local_engine",
    "row_of",
    "state_lane",
    "step_codes",
    "timeline",
    "trait_of",
    "trait_rule",
    "whole",
]

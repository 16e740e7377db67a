"""The company that answers: day by day, changed by the messages that reach its people."""

from pathworth.learn.company.live.consent import Agreed
from pathworth.learn.company.live.drive import Driven, Loop
from pathworth.learn.company.live.live import Batch, Live, Message
from pathworth.learn.company.live.parameters import (
    Intervention,
    Interventions,
    load_interventions,
)
from pathworth.learn.company.live.told import arrived, events_of, seen_by_all

__all__ = [
    "Agreed",
    "Batch",
    "Driven",
    "Intervention",
    "Interventions",
    "Live",
    "Loop",
    "Message",
    "arrived",
    "events_of",
    "load_interventions",
    "seen_by_all",
]

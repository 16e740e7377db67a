"""What did one entity do, in order? Selection, the local fold engine, the people behind a number."""

from pathworth.journeys.contracts import AsOf, Engine, Journeys, Part, Question, Step

__all__ = ["AsOf", "Engine", "Journeys", "Part", "Question", "Step"]

"""Changes to a map that people make by pointing: new steps, and the property that tells kinds of people apart."""

from pathworth.atlas.edits.adding import AddedSteps, add_steps
from pathworth.atlas.edits.personas import PersonaChoice, PersonaValue, persona_choices

__all__ = ["AddedSteps", "PersonaChoice", "PersonaValue", "add_steps", "persona_choices"]

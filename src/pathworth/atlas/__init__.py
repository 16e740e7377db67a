"""What do we believe the journey is? Map documents, discovery, versions."""

from pathworth.atlas.checking import check_map
from pathworth.atlas.contracts import (
    Contract,
    Discovery,
    Finding,
    MapDocument,
    MapStep,
    Noise,
    Placed,
    Sign,
)
from pathworth.atlas.discover import discover
from pathworth.atlas.document import dump_map, export_map, load_map, map_of, map_schema
from pathworth.atlas.edits import (
    AddedSteps,
    PersonaChoice,
    PersonaValue,
    add_steps,
    persona_choices,
)

__all__ = [
    "AddedSteps",
    "Contract",
    "Discovery",
    "Finding",
    "MapDocument",
    "MapStep",
    "Noise",
    "PersonaChoice",
    "PersonaValue",
    "Placed",
    "Sign",
    "add_steps",
    "check_map",
    "discover",
    "dump_map",
    "export_map",
    "load_map",
    "map_of",
    "map_schema",
    "persona_choices",
]

"""What do we believe the journey is? Map documents, discovery, versions."""

from pathworth.atlas.contracts import Contract, MapDocument, MapStep

__all__ = ["Contract", "MapDocument", "MapStep"]

"""Kernels that fold the journeys of whole entities into counts."""

"""Kernels that say what an entity did before an instant or an event: how often, and in which order."""

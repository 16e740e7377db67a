"""Kernels of groups of entities: what they paid since they began, and what they did before a moment."""

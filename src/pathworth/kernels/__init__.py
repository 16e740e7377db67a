"""Numba functions over entity-sorted arrays; numpy and numba only, nothing of ours."""

"""Kernels for rows on their way in: hashes, codes, repeats, and the layout as journeys."""

"""Journeys as event logs that tools of process mining read."""

"""How often a pattern of events is found in journeys."""

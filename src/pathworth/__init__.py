"""Pathworth: customer journeys as they really are, what every arrow is worth, and the few things worth doing."""

"""What journeys are cut into, and how long and busy the pieces are."""

"""Events that are handed in: kept as they came, numbered, and held until the lake has them."""

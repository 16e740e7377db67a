"""How visits of one kind compare with like visits: counted once, measured per step and value, tested, shrunken."""

"""Events that programs hand in one batch at a time."""

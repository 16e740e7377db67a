"""Commands that look at what sources send."""

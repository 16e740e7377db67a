"""Who takes steps one after the other."""

"""Commands of whoever keeps a server running."""

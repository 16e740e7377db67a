"""The operational database on a server of its own, for several processes at once."""

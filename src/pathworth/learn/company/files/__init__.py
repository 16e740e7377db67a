"""What is written to a folder: events, how to read them, and the truth that is never imported."""

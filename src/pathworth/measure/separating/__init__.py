"""What tells two groups of people apart: events, how often, and in which order."""

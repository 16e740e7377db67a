"""The files of other tools about the same people: what was said, sold, asked, billed and spent beside the events."""

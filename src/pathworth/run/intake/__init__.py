"""What comes in: events handed in, files, whom to leave out, what was released."""

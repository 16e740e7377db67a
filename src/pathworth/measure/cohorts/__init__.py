"""What groups of people bring in, by the time since each of them began."""

"""What comes in and tells no people: numbers by the day."""

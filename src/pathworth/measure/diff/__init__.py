"""What differs between two selections, and whether it can be told apart from chance."""

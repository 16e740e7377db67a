"""Commands about what tells no people, and about what is pulled."""

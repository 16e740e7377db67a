"""Commands of what a person may ask for."""

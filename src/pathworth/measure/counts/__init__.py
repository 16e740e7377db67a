"""How many, period by period, and how many are there in how many periods."""

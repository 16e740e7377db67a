"""What really reaches a collector: devices instead of people, and some who are no people of the market at all."""

"""Erasure of people: masked at once, gone from every file with the next batch, proven by a certificate."""

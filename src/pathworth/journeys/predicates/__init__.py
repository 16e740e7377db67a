"""Predicates answered: over columns, and over one event with its person's past; the nodes mean the same in both."""

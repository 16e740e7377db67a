"""Declared entities: journeys of accounts, tickets or any other id, in shard sets of their own."""

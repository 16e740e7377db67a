"""Who should get what, when, or nothing: programs, consent, the decision ledger, delivery."""

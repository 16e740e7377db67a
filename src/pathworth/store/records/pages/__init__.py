"""Records about pages of one's own sites."""

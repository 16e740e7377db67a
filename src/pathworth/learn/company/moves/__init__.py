"""Who arrives, and how everybody moves through the steps."""

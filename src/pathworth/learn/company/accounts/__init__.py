"""What accounts pay from month to month, and what a purchase is worth."""

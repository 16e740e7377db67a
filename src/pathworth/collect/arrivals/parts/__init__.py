"""What the readers of all protocols are made of: times, money, ids, and lines of the plain form."""

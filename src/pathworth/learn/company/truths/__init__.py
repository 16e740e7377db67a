"""What is true of the company, computed and kept."""

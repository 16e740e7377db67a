"""Records about the data itself: what came in, whom to leave out, what was released when."""

"""Questions and numbers for the faces: from parameters and addresses to answers and people."""

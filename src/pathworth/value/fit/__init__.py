"""Does the chain fit? Memory that a chain does not have, and the model error of putting unlike people together."""

"""How long what is kept is kept: a limit for each class of it, and the batch that removes what is older."""

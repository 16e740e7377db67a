"""Which moves people make from one event straight to the next."""

"""Records of the operational database: one module per kind, each with its tables and what is done with them."""

"""People and accounts: searched, listed, and one of them with everything that happened to them."""

"""What a person may ask for: everything that is known of them, and to be erased."""

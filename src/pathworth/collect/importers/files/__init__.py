"""Files that plain readers do not read: documents, archives, headers in two rows, event logs."""

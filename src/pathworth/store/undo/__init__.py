"""An import taken back: its events go, and what other imports hold of them comes in as theirs."""

"""From occasions to decisions: arms, restraint, and every reason that applied."""

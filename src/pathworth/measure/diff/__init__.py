"""What differs between two selections, and whether it can be told apart from chance."""

from pathworth.measure.diff.retention import retention_diff
from pathworth.measure.diff.sessions import sessions_diff

__all__ = ["retention_diff", "sessions_diff"]

"""What whoever runs a server asks it: whether it lives, whether it is ready, and how it does in numbers."""

from pathworth.web.operations.counted import Counted, Counts
from pathworth.web.operations.routes import install
from pathworth.web.operations.waited import Waited

__all__ = ["Counted", "Counts", "Waited", "install"]

"""What a check says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Check:
    """One thing that an operator should know.

    Parameters
    ----------
    name
        What was looked at.
    state
        ``ok``; ``look`` when somebody should; ``broken`` when it does harm until it is mended.
    says
        What was found.
    remedy
        What to do; null when nothing is.
    """

    name: str
    state: Literal["ok", "look", "broken"]
    says: str
    remedy: str | None = None

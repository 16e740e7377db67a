"""A span of time that cuts events: from an instant, up to but without another."""

from __future__ import annotations

from dataclasses import dataclass

FOREVER_US = 2**62


@dataclass(frozen=True)
class Period:
    """Half-open span ``[from_us, to_us)`` in microseconds since 1970 UTC."""

    from_us: int = -FOREVER_US
    to_us: int = FOREVER_US

    @property
    def everything(self) -> bool:
        """Whether the period cuts nothing."""
        return self.from_us <= -FOREVER_US and self.to_us >= FOREVER_US

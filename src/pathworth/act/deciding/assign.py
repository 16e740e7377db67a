"""Which arm a unit has: a hash of the program and the unit, so that it stays for ever."""

from __future__ import annotations

from hashlib import blake2b
from typing import Literal

Arm = Literal["treated", "held out"]


def draw(program: str, unit: str) -> float:
    """Return the unit's number from 0 up to 1 in a program, the same for ever and on every machine."""
    digest = blake2b(
        f"{program}\x1f{unit}".encode(), digest_size=8, person=b"pathworth arm"
    ).digest()
    # The top 53 bits are what a float holds exactly.
    return (int.from_bytes(digest, "big") >> 11) / (1 << 53)


def arm_of(program: str, unit: str, *, holdout: float) -> Arm:
    """Return whether a unit is held out.

    Parameters
    ----------
    program
        Id of the program; units are drawn anew in every program.
    unit
        The account where there is one, else the person.
    holdout
        Share held out; it does not change after the first start.
    """
    return "held out" if draw(program, unit) < holdout else "treated"

"""The one error tree; every error has a stable code and ends with a remedy.

PathworthError
├── WrongUsage            the call cannot be understood (exit 2)
└── Refused               understood, and refused with nothing changed (exit 1)
    ├── BadInput          a file, row or document that cannot be read as asked
    ├── UnknownName       an event, column, step or workspace that is not there
    ├── NotSupported      the data cannot carry the question, and the answer says why
    └── StoreTrouble      disk, lock or damage below us; what was stored is safe
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class PathworthError(Exception):
    """Base of every error that the product raises on purpose.

    Parameters
    ----------
    code
        Stable upper-case word that programs match on, for example ``UNKNOWN_EVENT``.
    message
        What happened, in one sentence.
    hint
        What to do about it, in one sentence.
    """

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint} [{self.code}]"

    def __reduce__(self) -> tuple[type[PathworthError], tuple[str, str, str]]:
        return type(self), (self.code, self.message, self.hint)


class WrongUsage(PathworthError):
    """The call cannot be understood."""


class Refused(PathworthError):
    """The call was understood and refused; nothing changed."""


class BadInput(Refused):
    """A file, row or document cannot be read as asked."""


class UnknownName(Refused):
    """An event, column, step or workspace of that name is not there."""

    @classmethod
    def near(cls, what: str, name: str, known: Iterable[str]) -> UnknownName:
        """Build the error for a name that is not there, with the nearest known names.

        Parameters
        ----------
        what
            The kind of thing, for example ``event`` or ``column``.
        name
            The name that was asked for.
        known
            Every name that would have been right.
        """
        names = sorted(set(known))
        close = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
        hint = (
            f"Did you mean {' or '.join(close)}?"
            if close
            else f"Known: {', '.join(names[:12]) or 'none'}."
        )
        return cls(f"UNKNOWN_{what.upper()}", f"There is no {what} named {name!r}.", hint)


class NotSupported(Refused):
    """The data cannot carry the question."""


class StoreTrouble(Refused):
    """Disk, lock or damage below us; what was stored before is safe."""

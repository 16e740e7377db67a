"""Where secrets are: in the environment or in a file, never in the workspace, and never shown."""

from __future__ import annotations

import os
from pathlib import Path

from pathworth.base.errors import BadInput, Refused


def check_secret(place: str) -> str:
    """Return where a secret is, when it is said as it has to be.

    Raises
    ------
    BadInput
        ``BAD_SECRET_PLACE``: the secret itself is never taken.
    """
    kind, _, rest = place.partition(":")
    if kind in {"env", "file"} and rest:
        return place
    raise BadInput(
        "BAD_SECRET_PLACE",
        "That says not where the secret is.",
        "Name a variable or a file that holds it: --secret env:STRIPE_KEY or --secret file:/run/secrets/stripe.",
    )


def secret_at(place: str) -> str:
    """Return a secret.

    Raises
    ------
    Refused
        ``NO_SECRET`` when it is not there; what it would be is said nowhere.
    """
    kind, _, rest = place.partition(":")
    found = ""
    try:
        found = os.environ.get(rest, "") if kind == "env" else Path(rest).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _missing(place) from error
    if not found.strip():
        raise _missing(place)
    return found.strip()


def _missing(place: str) -> Refused:
    kind, _, rest = place.partition(":")
    what = f"variable {rest}" if kind == "env" else f"file {rest}"
    return Refused(
        "NO_SECRET",
        f"The {what} holds no secret for whoever runs this.",
        "Set it for the server and for the shell that pulls, then try again.",
    )

"""Where secrets are: in the environment, in a file, or kept beside the database; never in it, and never shown."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from pathworth.base.errors import BadInput, Refused

FOLDER = "pull-secrets"
"""The folder of a workspace with the secrets that were handed in, which its owner alone reads."""
KEPT = "kept"
_PLACES = ("env", "file", KEPT)
_MOST = 1 << 14


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


def keep_secret(workspace: Path, secret: str) -> str:
    """Keep a secret that somebody hands in, in a file that its owner alone reads, and return where it is.

    Parameters
    ----------
    workspace
        The workspace's folder.
    secret
        The secret itself; a place of this machine is not taken, since whoever hands it in may not read there.

    Raises
    ------
    BadInput
        ``BAD_SECRET``: there is none, or too much, or a place.
    """
    said = secret.strip()
    if not said or len(said) > _MOST or said.partition(":")[0] in _PLACES:
        raise BadInput(
            "BAD_SECRET",
            "That is no secret: it is empty, too long, or says where one is.",
            "Hand in the secret itself; a variable or a file of the server is named by pathworth pull add.",
        )
    folder, name = workspace / FOLDER, secrets.token_hex(16)
    folder.mkdir(mode=0o700, exist_ok=True)
    with open(folder / name, "xb", opener=_own) as out:
        out.write(said.encode("utf-8", "replace"))
        out.flush()
        os.fsync(out.fileno())
    return f"{KEPT}:{name}"


def forget_secret(workspace: Path, place: str) -> None:
    """Forget a secret that was kept; one in a variable or a file of somebody's own stays."""
    kind, _, name = place.partition(":")
    if kind == KEPT and name:
        (workspace / FOLDER / name).unlink(missing_ok=True)


def secret_at(place: str, *, workspace: Path | None = None) -> str:
    """Return a secret.

    Parameters
    ----------
    place
        Where it is.
    workspace
        The folder in which those are that were handed in.

    Raises
    ------
    Refused
        ``NO_SECRET`` when it is not there; what it would be is said nowhere.
    """
    kind, _, rest = place.partition(":")
    file = workspace / FOLDER / rest if workspace and kind == KEPT else Path(rest)
    found = ""
    try:
        found = os.environ.get(rest, "") if kind == "env" else file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _missing(place) from error
    if not found.strip():
        raise _missing(place)
    return found.strip()


def _missing(place: str) -> Refused:
    kind, _, rest = place.partition(":")
    if kind == KEPT:
        return Refused(
            "NO_SECRET",
            "The secret that was handed in is no longer kept.",
            "Remove the pull and add it again with its secret; what is known already changes nothing.",
        )
    what = f"variable {rest}" if kind == "env" else f"file {rest}"
    return Refused(
        "NO_SECRET",
        f"The {what} holds no secret for whoever runs this.",
        "Set it for the server and for the shell that pulls, then try again.",
    )


def _own(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)

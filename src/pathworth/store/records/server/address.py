"""Where the operational database of a workspace is: a file in its folder, or a server that its settings name."""

from __future__ import annotations

from pathlib import Path

import msgspec

from pathworth.base.errors import StoreTrouble, WrongUsage
from pathworth.store.files import write_whole

SETTINGS = "settings.json"
_SCHEME = "postgresql+psycopg://"


class _Settings(msgspec.Struct, frozen=True):
    """What stands in the file: it is read before the database can be."""

    database: str


def address_of(folder: Path) -> str | None:
    """Return the address of a workspace's database; null when it is a file beside the others.

    Raises
    ------
    StoreTrouble
        ``BAD_SETTINGS``.
    """
    file = folder / SETTINGS
    try:
        return msgspec.json.decode(file.read_bytes(), type=_Settings).database
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as trouble:
        raise StoreTrouble(
            "BAD_SETTINGS",
            f"{file} cannot be read: {trouble}.",
            f'It holds one line: {{"database": "{_SCHEME}NAME@HOST/DATABASE"}}',
        ) from trouble


def keep_address(folder: Path, address: str) -> None:
    """Keep it where only the workspace's owner reads it: it may hold a password."""
    check_address(address)
    file = folder / SETTINGS
    file.touch(mode=0o600)
    aside = file.with_name(f"{SETTINGS}.aside")
    aside.touch(mode=0o600)
    write_whole(file, msgspec.json.encode(_Settings(address)))


def check_address(address: str) -> None:
    """Refuse what is no address of a database: ``BAD_DATABASE``."""
    if not address.startswith(_SCHEME):
        raise WrongUsage(
            "BAD_DATABASE",
            "That is no address of a database that can be used.",
            f"Write {_SCHEME}NAME@HOST/DATABASE; the password is best kept in ~/.pgpass.",
        )

"""How a workspace is made: its settings mean something, its folder holds nothing, and it is there whole or not."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pathworth.base.errors import BadInput, UnknownName, WrongUsage
from pathworth.store.files import disk_trouble, sync_file, sync_tree
from pathworth.store.lake import Lake
from pathworth.store.records.database import Database, Setting, is_workspace
from pathworth.store.records.server.address import keep_address
from pathworth.store.records.server.postgres import check_server


def begin(place: Path, *, timezone: str, currency: str, database: str | None = None) -> None:
    """Make an empty workspace in a folder that is not there yet or is empty.

    Raises
    ------
    WrongUsage
        ``UNKNOWN_TIMEZONE``, ``BAD_CURRENCY``, ``BAD_DATABASE``.
    BadInput
        ``WORKSPACE_EXISTS``, ``FOLDER_NOT_EMPTY``, ``DATABASE_ORDER``, ``DATABASE_NOT_EMPTY``.
    StoreTrouble
        ``DISK_FULL``, ``DATABASE_UNREACHABLE``, ``POSTGRES_MISSING``.
    """
    check_settings(timezone, currency)
    check_free(place)
    aside = place.with_name(f".{place.name}.aside")
    with disk_trouble(place):
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        try:
            Lake(aside / "lake").create()
            if database is not None:
                keep_address(aside, database)
            held = Database(aside)
            if not held.embedded:
                check_server(held.engine)
            held.migrate()
            with held.session() as session:
                session.add(Setting(key="timezone", value=json.dumps(timezone)))
                session.add(Setting(key="currency", value=json.dumps(currency)))
            sync_tree(aside)
            aside.rename(place)
            sync_file(place.parent)
        except BaseException:
            shutil.rmtree(aside, ignore_errors=True)
            raise


def check_settings(timezone: str, currency: str) -> None:
    """Refuse settings that no clock or till knows: ``UNKNOWN_TIMEZONE``, ``BAD_CURRENCY``."""
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownName.near("timezone", timezone, available_timezones()) from None
    if not re.fullmatch("[A-Z]{3}", currency):
        raise WrongUsage(
            "BAD_CURRENCY",
            f"{currency!r} is not a currency.",
            "Write its three letters, for example EUR.",
        )


def check_free(place: Path) -> None:
    """Refuse a folder that holds something: ``WORKSPACE_EXISTS``, ``FOLDER_NOT_EMPTY``."""
    if is_workspace(place):
        raise BadInput(
            "WORKSPACE_EXISTS",
            f"There is a workspace in {place} already.",
            "Use it as it is, or choose another folder.",
        )
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise BadInput(
            "FOLDER_NOT_EMPTY",
            f"{place} is not an empty folder.",
            "Choose a folder that is empty or not there yet.",
        )

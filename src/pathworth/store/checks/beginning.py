"""What must hold before a workspace is made: its settings mean something, its folder holds nothing."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pathworth.base.errors import BadInput, UnknownName, WrongUsage
from pathworth.store.records.database import FILE


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
    if (place / FILE).exists():
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

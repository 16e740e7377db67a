"""Times as files write them, turned into exact microseconds since 1970 UTC, whole columns at once."""

from pathworth.collect.times.calendars import Dated, dates_of, read_calendar
from pathworth.collect.times.formats import TimeFormat, Times, parse_format, read_times
from pathworth.collect.times.iso import NO_ZONE, IsoTimes, read_iso
from pathworth.collect.times.zones import check_zone, to_utc

__all__ = [
    "NO_ZONE",
    "Dated",
    "IsoTimes",
    "TimeFormat",
    "Times",
    "check_zone",
    "dates_of",
    "parse_format",
    "read_calendar",
    "read_iso",
    "read_times",
    "to_utc",
]

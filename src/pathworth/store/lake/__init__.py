"""The event lake: a Delta table that holds every accepted event, in zones, each import exactly once."""

from pathworth.store.lake.files import FIXED, ZONED_FROM, LakeFile, LakeWriter, ZoneFile, file_name
from pathworth.store.lake.table import PREFIX, Lake

__all__ = [
    "FIXED",
    "PREFIX",
    "ZONED_FROM",
    "Lake",
    "LakeFile",
    "LakeWriter",
    "ZoneFile",
    "file_name",
]

"""The event lake: a Delta table that holds every accepted event, in zones, each import exactly once."""

from pathworth.store.lake.files import FIXED, ZONED_FROM, LakeFile, LakeWriter, ZoneFile, file_name
from pathworth.store.lake.log import (
    HINT,
    added,
    checkpoint,
    entries,
    entry,
    log_sizes,
    make_checkpoint,
    newest,
    number_of,
)
from pathworth.store.lake.marker import MARKER, leaving, lies_at, mark, staying, unmark
from pathworth.store.lake.table import LOG, PREFIX, Lake

__all__ = [
    "FIXED",
    "HINT",
    "LOG",
    "MARKER",
    "PREFIX",
    "ZONED_FROM",
    "Lake",
    "LakeFile",
    "LakeWriter",
    "ZoneFile",
    "added",
    "checkpoint",
    "entries",
    "entry",
    "file_name",
    "leaving",
    "lies_at",
    "log_sizes",
    "make_checkpoint",
    "mark",
    "newest",
    "number_of",
    "staying",
    "unmark",
]

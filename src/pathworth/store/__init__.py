"""Where it lives, and whether it is safe: operational database, event lake, journey shards."""

from pathworth.store.arrays import EventArrays, snapshot_from_arrays
from pathworth.store.contracts import (
    GROUPS,
    ArrivedEvent,
    ColumnInfo,
    Columns,
    Decision,
    ImportedFile,
    ImportRecord,
    ImportResult,
    InputFile,
    Kind,
    MapRevision,
    Shard,
    Snapshot,
)
from pathworth.store.imports import ImportTransaction
from pathworth.store.texts import group_of, hash64, row_digests, text_digests
from pathworth.store.workspace import Workspace

__all__ = [
    "GROUPS",
    "ArrivedEvent",
    "ColumnInfo",
    "Columns",
    "Decision",
    "EventArrays",
    "ImportRecord",
    "ImportResult",
    "ImportTransaction",
    "ImportedFile",
    "InputFile",
    "Kind",
    "MapRevision",
    "Shard",
    "Snapshot",
    "Workspace",
    "group_of",
    "hash64",
    "row_digests",
    "snapshot_from_arrays",
    "text_digests",
]

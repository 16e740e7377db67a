"""Where it lives, and whether it is safe: operational database, event lake, journey shards."""

from pathworth.store.contracts import GROUPS, ColumnInfo, Columns, Kind, Shard, Snapshot

__all__ = ["GROUPS", "ColumnInfo", "Columns", "Kind", "Shard", "Snapshot"]

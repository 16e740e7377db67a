"""Files where several machines find them, and the cluster that those machines are."""

from pathworth.store.shared.awaited import PARTS, Awaited, Lies, bring_all, files_away, note_away
from pathworth.store.shared.away import all_present, footer, present, tidy
from pathworth.store.shared.copies import Copies, copies_of
from pathworth.store.shared.places import CACHE_VARIABLE, Shared, find, size_of, without_secrets
from pathworth.store.shared.publishing import LakeAway, Published, publish
from pathworth.store.shared.settings import (
    CLUSTER_WAIT_S,
    FROM_ENVIRONMENT,
    FROM_EVENTS,
    Cluster,
    Clusters,
)

__all__ = [
    "CACHE_VARIABLE",
    "CLUSTER_WAIT_S",
    "FROM_ENVIRONMENT",
    "FROM_EVENTS",
    "PARTS",
    "Awaited",
    "Cluster",
    "Clusters",
    "Copies",
    "LakeAway",
    "Lies",
    "Published",
    "Shared",
    "all_present",
    "bring_all",
    "copies_of",
    "files_away",
    "find",
    "footer",
    "note_away",
    "present",
    "publish",
    "size_of",
    "tidy",
    "without_secrets",
]

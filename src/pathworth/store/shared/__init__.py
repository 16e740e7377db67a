"""Files where several machines find them, and the cluster that those machines are."""

from pathworth.store.shared.awaited import PLAIN, Awaited, Lies, note_far
from pathworth.store.shared.copies import Copies, copies_of
from pathworth.store.shared.places import CACHE_VARIABLE, Shared, find
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
    "PLAIN",
    "Awaited",
    "Cluster",
    "Clusters",
    "Copies",
    "Lies",
    "Shared",
    "copies_of",
    "find",
    "note_far",
]

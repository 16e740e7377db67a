"""Files where several machines find them, and the cluster that those machines are."""

from pathworth.store.shared.away import all_present, footer, present, tidy
from pathworth.store.shared.copies import Copies, copies_of
from pathworth.store.shared.places import CACHE_VARIABLE, Shared, fetch, find, without_secrets
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
    "Cluster",
    "Clusters",
    "Copies",
    "LakeAway",
    "Published",
    "Shared",
    "all_present",
    "copies_of",
    "fetch",
    "find",
    "footer",
    "present",
    "publish",
    "tidy",
    "without_secrets",
]

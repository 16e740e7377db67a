"""All that is said about a cluster, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from pathworth.store.records.database import Database, Setting, lock

KEY = "cluster"
FROM_EVENTS = 50_000_000
CLUSTER_WAIT_S = 60.0
FROM_ENVIRONMENT = "env:"
"""What a setting begins with that is a variable of whoever asks: what logs in somewhere is kept nowhere."""


@dataclass(frozen=True)
class Cluster:
    """A cluster and how it is used.

    Parameters
    ----------
    master
        Its address as Spark says it: ``spark://host:7077``, ``yarn``, ``k8s://...``, or ``local[4]`` for trying out.
    shared
        Where every machine finds files: a folder that all mount, or an address such as ``s3://bucket/shop``. Null where
        all of them see the workspace's own folder under its own path.
    python
        The interpreter on the cluster's machines; null for this one's path, or the archive's.
    archives
        An environment with this package, packed, to be sent along.
    from_events
        Smaller data is asked in this process, which is sooner done than a task is sent.
    wait_s
        So many seconds long a question waits for a free core before it says that there is none.
    keep_gib
        So many GiB of the lake's data files stay in the workspace's folder once they lie at the shared address;
        null for all of them.
    conf
        Further settings of Spark; ``env:NAME`` for a variable of whoever asks.
    """

    master: str
    shared: str | None = None
    python: str | None = None
    archives: str | None = None
    from_events: int = FROM_EVENTS
    wait_s: float = CLUSTER_WAIT_S
    keep_gib: float | None = None
    conf: Mapping[str, str] = field(default_factory=dict)


class Clusters:
    """The cluster of a workspace, where it has one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, cluster: Cluster) -> None:
        """Keep what is said about the cluster."""
        with self._database.session() as session:
            lock(session)
            session.merge(Setting(key=KEY, value=msgspec.json.encode(cluster).decode()))

    def read(self) -> Cluster | None:
        """Return what was said; null where nothing was."""
        with self._database.session() as session:
            row = session.get(Setting, KEY)
            return None if row is None else msgspec.json.decode(row.value, type=Cluster)

    def forget(self) -> None:
        """Have no cluster any more."""
        with self._database.session() as session:
            row = session.get(Setting, KEY)
            if row is not None:
                session.delete(row)

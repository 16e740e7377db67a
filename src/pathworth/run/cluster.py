"""Questions and builds on a cluster: what is said about it, whether it can do the work, and the work."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from pathworth.base.errors import BadInput, NotSupported, StoreTrouble, UnknownName
from pathworth.journeys import Engine, Journeys, LocalEngine, Question, Waiter
from pathworth.store import FROM_ENVIRONMENT, Cluster, Copies, Workspace as Store

if TYPE_CHECKING:
    from pathworth.run.workspace import Workspace
    from pathworth.spark import Machine, SparkEngine

P = TypeVar("P")
SWITCH = "PATHWORTH_CLUSTER"
"""Environment variable: ``1`` lets every question of a process go to the workspace's cluster."""
_SECRET = re.compile(r"secret|passw|passphrase|token|credential|(access|account)[_.]?key", re.I)
ALL_STAY = float("inf")
"""As ``keep_gib`` of ``set_cluster``: every data file of the lake stays here."""
Tell = Callable[[str, float], None]


@dataclass(frozen=True)
class ClusterReport:
    """What a cluster said when it was asked.

    Parameters
    ----------
    master
        Its address.
    machines
        Those that took a task.
    """

    master: str
    machines: tuple[Machine, ...]

    @property
    def ready(self) -> bool:
        """Return whether all of them can do the work."""
        return bool(self.machines) and all(one.trouble is None for one in self.machines)


@dataclass(frozen=True)
class Asking:
    """Something that this process asks a cluster at this moment, for somebody who waits.

    Parameters
    ----------
    what, share
        In words, and the share of it that is done.
    turn
        The how-manieth it is: an answer may take several.
    """

    what: str
    share: float
    turn: int


def asking_now(waiters: Iterable[Waiter]) -> tuple[Asking, ...]:
    """Return what those who wait wait for, the longest first; of them those alone whose work takes long."""
    said = ((one.what, one.share, one.turn) for one in waiters)
    return tuple(Asking(what, share, turn) for what, share, turn in said if what is not None)


def set_cluster(workspace: Workspace, **said: Any) -> Cluster:
    """Say where the cluster is and how it is used; what is not said stays as it was. See ``store.Cluster``.

    Raises
    ------
    BadInput
        ``SECRET_IN_SETTINGS`` where a setting would keep what logs in somewhere, ``KEEP_WITHOUT_SHARED``.
    StoreTrouble
        ``COPIES_REMAIN`` where files were shared before; what was said is kept all the same. ``SHARED_UNREACHABLE``,
        ``DISK_FULL``, ``LAKE_DAMAGED`` where files that are to stay here cannot be fetched: nothing is.
        ``WORKSPACE_BUSY`` for another address while shards are written.
    UnknownName
        ``NO_CLUSTER_SET`` where nothing says what its address is.
    """
    held = workspace.store.clusters.read()
    given = {key: value for key, value in said.items() if value is not None}
    if given.get("keep_gib") == ALL_STAY:
        given["keep_gib"] = None
    if held is None and "master" not in given:
        raise _none()
    cluster = Cluster(**given) if held is None else replace(held, **given)
    if urlsplit(cluster.shared or "").password:
        raise BadInput(
            "SECRET_IN_SETTINGS",
            "The shared address says how to log in, and settings are shown.",
            "Name it without; what logs in there is said by the environment of each machine.",
        )
    for key, value in cluster.conf.items():
        if _SECRET.search(key) and not value.startswith(FROM_ENVIRONMENT):
            raise BadInput(
                "SECRET_IN_SETTINGS",
                f"{key} says how to log in somewhere, and settings are shown.",
                f"Name a variable of the environment instead: {key}={FROM_ENVIRONMENT}NAME",
            )
    if cluster.keep_gib is not None and cluster.shared is None:
        raise BadInput(
            "KEEP_WITHOUT_SHARED",
            "Files of the lake can leave this machine only for a shared address, and none is said.",
            "Say where all machines find files as well: --shared s3://bucket/shop",
        )
    moves = held is not None and held.shared != cluster.shared
    stays = held is not None and held.keep_gib is not None and cluster.keep_gib is None
    with _all_back(workspace, lake=moves or stays, shards=moves):
        before = workspace.store.copies()
        workspace.store.clusters.save(cluster)
        if moves:
            _clear(before)
    return cluster


def cluster_of(workspace: Workspace) -> Cluster:
    """Return what is said about the cluster.

    Raises
    ------
    UnknownName
        ``NO_CLUSTER_SET``.
    """
    held = workspace.store.clusters.read()
    if held is None:
        raise _none()
    return held


def forget_cluster(workspace: Workspace) -> None:
    """Have no cluster any more, and no copies for its machines.

    Raises
    ------
    StoreTrouble
        ``COPIES_REMAIN``; the cluster is forgotten all the same. ``SHARED_UNREACHABLE``, ``DISK_FULL``,
        ``LAKE_DAMAGED`` where a file that is not here cannot be fetched, ``WORKSPACE_BUSY`` while shards are written;
        nothing is changed.
    """
    with _all_back(workspace, lake=True, shards=True):
        copies = workspace.store.copies()
        workspace.store.clusters.forget()
        _clear(copies)


def check_cluster(workspace: Workspace, master: str | None = None) -> ClusterReport:
    """Ask every machine of a cluster what it has and what it sees.

    Parameters
    ----------
    workspace
        Whose files they must see.
    master
        The cluster's address; null for the one that is set.

    Raises
    ------
    As ``pathworth.spark.session``.
    """
    held = workspace.store.clusters.read()
    if master is not None:
        held = Cluster(master) if held is None else replace(held, master=master)
    cluster = held or cluster_of(workspace)
    spark = _spark()
    with spark.session(cluster) as context:
        files = _files(workspace.store, cluster)
        jobs = spark.Jobs(context, wait_s=cluster.wait_s)
        return ClusterReport(cluster.master, spark.machines(context, files, jobs=jobs))


def build_on_cluster(
    workspace: Workspace, *, tell: Tell | None = None, author: str | None = None
) -> bool:
    """Build the shards of the whole lake on the cluster, and show them; return whether they are shown now.

    They are not where an import or an undo came in between. Whatever ends this leaves the shards before as they are.
    """
    cluster, spark = cluster_of(workspace), _spark()
    # Machines read the lake there.
    if cluster.shared is not None and tell is not None:
        tell("Sending the lake", 0.0)
    workspace.store.lake_away.publish()
    with spark.session(cluster) as context:
        files = _files(workspace.store, cluster)
        jobs = spark.Jobs(context, tell, wait_s=cluster.wait_s)
        builder = spark.SparkBuilder(context, files, jobs)
        copies = workspace.store.copies()
        before = frozenset[str]() if copies is None else copies.good()
        shown = workspace.store.compact("build", author=author, builder=builder)
        if not shown:
            builder.take_back()
        if copies is not None:
            # Whoever is asking of the shards before finds them still.
            copies.sweep(spare=before)
        return shown


@contextmanager
def asking_cluster(workspace: Workspace, *, tell: Tell | None = None) -> Iterator[Workspace]:
    """Give a workspace whose questions are asked on its cluster, whatever the size of its data."""
    cluster, spark = cluster_of(workspace), _spark()
    with spark.session(cluster) as context:
        files = _files(workspace.store, cluster)
        jobs = spark.Jobs(context, tell, wait_s=cluster.wait_s)
        yield replace(workspace, engine=spark.SparkEngine(context, files, jobs))


@contextmanager
def trial_cluster(folder: Path, *, workers: int = 2) -> Iterator[str]:
    """Run a cluster on this machine, on loopback, for trying out; gives its address."""
    with _spark().trial(folder, workers=workers) as there:
        yield there.master


def engine_of(store: Store) -> Engine:
    """Return where questions of this process are asked: on the cluster where the environment says so."""
    wanted = os.environ.get(SWITCH, "") not in ("", "0")
    cluster = store.clusters.read() if wanted else None
    return LocalEngine() if cluster is None else ClusterEngine(store, cluster)


class ClusterEngine:
    """Asks large data on a cluster, which it begins to work with at the first question, and small data here.

    Parameters
    ----------
    store, cluster
        Whose data, and where.

    Attributes
    ----------
    tell
        Told how far the tasks are, while somebody wants to know.
    """

    def __init__(self, store: Store, cluster: Cluster) -> None:
        self.tell: Tell | None = None
        self._store, self._cluster = store, cluster
        self._here, self._lock = LocalEngine(), Lock()
        self._there: SparkEngine | None = None
        # Work on a cluster lasts as long as this engine.
        self._stay = ExitStack()

    def fold(self, journeys: Journeys, question: Question[P]) -> list[P]:
        """Return the partials of the 64 groups, in order."""
        return self._engine(journeys).fold(journeys, question)

    def total(self, journeys: Journeys, question: Question[P]) -> P:
        """Return one partial of everything."""
        return self._engine(journeys).total(journeys, question)

    def units(self, journeys: Journeys, question: Question[P]) -> list[P]:
        """Return one partial per entity with a kept event, by rising id."""
        return self._engine(journeys).units(journeys, question)

    def _engine(self, journeys: Journeys) -> Engine:
        if journeys.snapshot.events < self._cluster.from_events:
            return self._here
        with self._lock:
            if self._there is not None and self._there.over:
                # The cluster was begun anew, or let go of this process; so does the next question.
                self._stay.close()
                self._there = None
            if self._there is None:
                spark = _spark()
                context = self._stay.enter_context(spark.session(self._cluster))
                files = _files(self._store, self._cluster)
                jobs = spark.Jobs(context, self._say, wait_s=self._cluster.wait_s)
                self._there = spark.SparkEngine(context, files, jobs)
            return self._there

    def _say(self, what: str, share: float) -> None:
        if self.tell is not None:
            self.tell(what, share)


def _files(store: Store, cluster: Cluster) -> Any:
    copies = None if cluster.shared is None else store.copies()
    return _spark().Files(store.path, copies)


@contextmanager
def _all_back(workspace: Workspace, *, lake: bool, shards: bool) -> Iterator[None]:
    """Be where every file of lake or shards is here again: what lies at an address may be the only one."""
    with ExitStack() as held:
        copies = workspace.store.copies() if shards else None
        if copies is not None:
            held.enter_context(copies.all_back())
        if lake:
            held.enter_context(workspace.store.lake_away.all_back())
        yield


def _clear(copies: Copies | None) -> None:
    """Remove copies that nobody needs any more."""
    if copies is None:
        return
    try:
        copies.clear()
    except StoreTrouble as error:
        raise StoreTrouble(
            "COPIES_REMAIN",
            f"Copies of files of this workspace remain in {copies.place}: {error}",
            "Remove them there by hand: they hold what people did.",
        ) from error


def _spark() -> Any:
    """Return the part of this package that needs Spark."""
    try:
        from pathworth import spark
    except ModuleNotFoundError as error:
        if error.name not in ("pyspark", "py4j"):
            raise
        raise NotSupported(
            "NO_SPARK",
            "Spark is not installed here.",
            "Install it with: pip install 'pathworth[spark]'",
        ) from error
    return spark


def _none() -> UnknownName:
    return UnknownName(
        "NO_CLUSTER_SET",
        "This workspace has no cluster.",
        "Say where it is: pathworth cluster set spark://HOST:7077",
    )

"""Names the jobs that every server of a workspace runs, and starts them."""

from __future__ import annotations

from datetime import time, timedelta
from time import monotonic

from pathworth.base.errors import StoreTrouble
from pathworth.run import act
from pathworth.run.answers import warm
from pathworth.run.intake.arrivals import Draining, Numbering, Telling, rebuild
from pathworth.run.intake.pulls import Pulling
from pathworth.run.learn import watch_experiments
from pathworth.run.privacy.erasing import erase_files
from pathworth.run.privacy.keeping import keep_files, removed_in_words
from pathworth.run.serving.doctor import check_stored
from pathworth.run.serving.jobs import Job, Lease, Runner
from pathworth.run.watched.auditing import keep_audit
from pathworth.run.workspace import Workspace

_SOON = timedelta(milliseconds=500)
_AT_ONCE = timedelta(milliseconds=250)
_HOURLY = timedelta(hours=1)
_RESTS, _RESTS_IN_A_RUSH = 9, 99
"""So many times as long as it took to ask ahead nobody asks ahead again ..."""
_LEAST_S = 60.0
"""... and in a rush so many seconds at least: the first time, when nothing was there, took none."""
_RESTS_COMPACTING = 2
_PUBLISHED_S = 60.0
_RUSH = 1_000
"""More new events than these from one second to the next are a rush."""


class Warming:
    """Asks what programs and the map page will ask ahead, whenever this process has not of the current snapshot.

    While shards are written anew again and again it rests in between, and takes a tenth of the time at most; a
    hundredth while events rush in, since an answer is then old before anybody asks for it.
    """

    def __init__(self) -> None:
        self._warm: str | None = None
        self._seq = 0
        self._ended = self._took = 0.0

    def ready(self, workspace: Workspace) -> bool:
        """Return whether there is a snapshot that was not asked yet, and this has rested."""
        rested = monotonic() - self._ended
        if rested < _RESTS * self._took:
            return False
        held = workspace.store.snapshot()
        rush, self._seq = held.seq - self._seq > _RUSH, held.seq
        long = max(_RESTS_IN_A_RUSH * self._took, _LEAST_S)
        return held.id != self._warm and (not rush or rested >= long)

    def work(self, workspace: Workspace, _: Lease) -> str:
        """Ask, and remember of which snapshot."""
        name, begun = workspace.store.snapshot().id, monotonic()
        act.prepare(workspace)
        warm(workspace)
        self._warm, self._ended = name, monotonic()
        self._took = self._ended - begun
        return f"Snapshot {name} is warm."


class Renewing:
    """Builds the journeys of declared entities anew where people's moved on, or others are left out than before."""

    def __init__(self) -> None:
        self._failed: tuple[str, ...] = ()

    def ready(self, workspace: Workspace) -> bool:
        """Return whether something is behind that was not tried in vain."""
        lacking = workspace.store.entities.lacking()
        return bool(lacking) and lacking != self._failed

    def work(self, workspace: Workspace) -> str:
        """Build what is behind, and remember what could not be."""
        built = workspace.entities.renew()
        self._failed = workspace.store.entities.lacking()
        return f"Built anew: {', '.join(built)}." if built else "Nothing could be built anew."


def _rebuild(workspace: Workspace, _: Lease) -> str:
    done = rebuild(workspace, author="by itself")
    return f"{done.added:,} events came into the shards."


class Compacting:
    """Writes the shards anew when the tail has grown, and takes no more than a third of the time for it."""

    def __init__(self) -> None:
        self._ended = self._took = 0.0

    def ready(self, workspace: Workspace) -> bool:
        """Return whether it is due, and this has rested."""
        rested = monotonic() - self._ended >= _RESTS_COMPACTING * self._took
        return rested and workspace.store.compaction_due

    def work(self, workspace: Workspace, lease: Lease) -> str:
        """Write them, and remember how long that took."""
        begun = monotonic()
        try:
            return _rebuild(workspace, lease)
        finally:
            self._ended = monotonic()
            self._took = self._ended - begun


class Publishing:
    """Lets the lake lie at the address of the cluster as it does here, once a minute at most.

    Where not all of it stays here it comes by every hour as well: what was fetched to be read may leave again.
    """

    def __init__(self) -> None:
        self._done: tuple[str | None, int] | None = None
        self._ended = float("-inf")

    def ready(self, workspace: Workspace) -> bool:
        """Return whether there is an address, and something that is not there or may leave."""
        rested = monotonic() - self._ended
        cluster = workspace.store.clusters.read() if rested >= _PUBLISHED_S else None
        if cluster is None or cluster.shared is None:
            return False
        leaves = cluster.keep_gib is not None and rested >= _HOURLY.total_seconds()
        return leaves or self._done != (cluster.shared, workspace.store.lake_away.stamp)

    def work(self, workspace: Workspace) -> str:
        """Let it lie there, and remember what did."""
        cluster, stamp = workspace.store.clusters.read(), workspace.store.lake_away.stamp
        try:
            done = workspace.store.lake_away.publish()
        except StoreTrouble as trouble:
            if trouble.code != "WORKSPACE_BUSY":
                raise
            return "An import is being written; what it brings is published after it."
        finally:
            self._ended = monotonic()
        if done is None or cluster is None:
            return "There is no address."
        self._done = (cluster.shared, stamp)
        return (
            f"Version {done.version}: {done.sent:,} files sent, {done.gone:,} removed there, "
            f"{done.left:,} let go of here."
        )


class Sweeping:
    """Removes copies for the machines of a cluster whose files are gone: what was good the last time stays once more.

    So a question that is being asked of an earlier snapshot finds its files.
    """

    def __init__(self) -> None:
        self._good: frozenset[str] | None = None

    def ready(self, workspace: Workspace) -> bool:
        """Return whether there are copies."""
        return workspace.store.copies() is not None

    def work(self, workspace: Workspace) -> str:
        """Remove them, and remember which ones are good now."""
        copies = workspace.store.copies()
        if copies is None:
            return "There are no copies."
        gone = 0 if self._good is None else copies.sweep(spare=self._good)
        self._good = copies.good()
        return f"{gone:,} removed, {len(self._good):,} are good."


def _audit(workspace: Workspace, _: Lease) -> str:
    report = keep_audit(workspace)
    found = sum(one.until is None for row in report.sources for one in row.findings)
    return f"Looked at {report.day}: {found:,} findings, worst score {report.score}."


def _erase(workspace: Workspace, _: Lease) -> str:
    done = erase_files(workspace, author="by itself")
    if not done.people:
        return "Nobody waits to be erased."
    return f"{done.people:,} erased, with {done.events:,} events: they are in no file any more."


def _keep(workspace: Workspace, _: Lease) -> str:
    return removed_in_words(keep_files(workspace, author="by itself"))


def _guardrails(workspace: Workspace, _: Lease) -> str:
    stopped = watch_experiments(workspace)
    return f"Stopped: {', '.join(stopped)}." if stopped else "Nothing had to be stopped."


def registered() -> tuple[Job, ...]:
    """Return the jobs of a server."""
    warming, numbering, telling = Warming(), Numbering(), Telling()
    draining, renewing, pulling = Draining(), Renewing(), Pulling()
    compacting, publishing, sweeping = Compacting(), Publishing(), Sweeping()
    return (
        Job("warm", warming.work, ready=warming.ready),
        Job("number", lambda workspace, _: numbering.work(workspace), every=_AT_ONCE),
        Job("tell", lambda workspace, _: telling.work(workspace), every=_AT_ONCE),
        Job("drain", lambda workspace, _: draining.work(workspace), ready=draining.ready),
        Job("compact", compacting.work, ready=compacting.ready),
        Job("erase", _erase, nightly=time(2, 30)),
        Job("keep", _keep, nightly=time(2, 40)),
        Job("rebuild", _rebuild, nightly=time(3, 0)),
        Job("entities", lambda workspace, _: renewing.work(workspace), ready=renewing.ready),
        Job("pull", lambda workspace, _: pulling.work(workspace), ready=pulling.ready),
        Job("audit", _audit, nightly=time(3, 15)),
        Job("guardrails", _guardrails, nightly=time(3, 30)),
        Job("decide", lambda workspace, _: act.decide(workspace), every=_SOON),
        Job("deliver", lambda workspace, _: act.deliver(workspace), every=_SOON),
        Job("publish", lambda workspace, _: publishing.work(workspace), ready=publishing.ready),
        Job(
            "copies",
            lambda workspace, _: sweeping.work(workspace),
            ready=sweeping.ready,
            every=_HOURLY,
        ),
        Job("check", lambda workspace, _: check_stored(workspace), nightly=time(4, 0)),
    )


def runner(workspace: Workspace) -> Runner:
    """Return what runs the jobs of a workspace in this process, not yet started."""
    return Runner(workspace, registered(), lease=timedelta(seconds=30))

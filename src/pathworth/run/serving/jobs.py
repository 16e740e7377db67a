"""Runs what happens by itself: each job under a lease, so that two servers never run one at the same time."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time as clock_time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from pathworth import store
from pathworth.base.errors import PathworthError
from pathworth.base.instants import to_iso
from pathworth.run.serving.holder import is_dead, this_process
from pathworth.run.serving.process import give_back
from pathworth.run.workspace import Workspace

_SECOND_US: Final = 1_000_000
_LEASE = timedelta(seconds=30)
_LATE = timedelta(minutes=2)
_POLL_SECONDS: Final = 1.0
_OFTEN = timedelta(seconds=5)
"""A job with a shorter period keeps its lease between runs, and says how it goes only so often."""
_GIVE_BACK_S: Final = 1.0
"""So often at most such jobs give free memory back, where one found something else than before."""
_log = logging.getLogger("pathworth.jobs")


class Lease:
    """The right to run a job, for as long as nobody else has taken it.

    Parameters
    ----------
    jobs
        Where leases are kept.
    name, epoch
        The job, and which of its leases this is.
    """

    def __init__(self, jobs: store.Jobs, name: str, epoch: int, *, lasts: timedelta) -> None:
        self.jobs, self.name, self.epoch, self.lasts = jobs, name, epoch, lasts

    def hold(self) -> bool:
        """Hold on to it; false when it has been taken by somebody else, and the work must not go on."""
        until = _now() + _us(self.lasts)
        return self.jobs.hold(self.name, epoch=self.epoch, until_us=until)


@dataclass(frozen=True)
class Job:
    """Something that happens by itself.

    Parameters
    ----------
    name
        By which it is known in the table.
    work
        Does it once and returns in a few words what was done.
    every
        How often; null when ``nightly`` or ``ready`` decides.
    nightly
        At what time of the workspace's day.
    ready
        Says whether there is something to do, asked once a second.
    """

    name: str
    work: Callable[[Workspace, Lease], str]
    every: timedelta | None = None
    nightly: clock_time | None = None
    ready: Callable[[Workspace], bool] | None = None

    @property
    def period(self) -> str:
        """Return when it runs, in words."""
        if self.nightly is not None:
            return f"every night at {self.nightly:%H:%M}"
        return "after new data" if self.every is None else f"every {_words(self.every)}"

    def next_us(self, now_us: int, timezone: str) -> int | None:
        """Return when it is due after an instant; null when something else than time decides."""
        if self.nightly is not None:
            return _next_night(now_us, self.nightly, ZoneInfo(timezone))
        return None if self.every is None else now_us + _us(self.every)


@dataclass(frozen=True)
class JobRow:
    """A job as people see it.

    Parameters
    ----------
    state
        ``running``, ``waiting``, ``late`` (due for minutes, and nobody runs it) or ``failed`` the last time.
    next, started, ended
        When it is due, when it last began and ended.
    result, error
        What the last run said; one of them is null.
    """

    name: str
    period: str
    state: str
    next: str | None
    started: str | None
    ended: str | None
    result: str | None
    error: str | None


class Runner:
    """Runs the jobs of a workspace in threads of this process until it is stopped.

    Parameters
    ----------
    workspace
        Whose jobs.
    jobs
        What there is to do.
    lease
        After this time without a sign of life another process takes a job over; at once when it can see that
        the holder, a process of the same machine, is dead.
    """

    def __init__(
        self, workspace: Workspace, jobs: Sequence[Job], *, lease: timedelta = _LEASE
    ) -> None:
        self.workspace, self.jobs, self.lease = workspace, tuple(jobs), lease
        self.holder = this_process()
        self._table = store.Jobs(workspace.store)
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._given = 0.0

    def start(self) -> None:
        """Make the jobs known and begin to run them when they are due."""
        now, zone = _now(), self.workspace.store.timezone
        self._table.forget(tuple(job.name for job in self.jobs))
        for job in self.jobs:
            soon = now if job.nightly is None else job.next_us(now, zone)
            self._table.register(job.name, period=job.period, next_us=None if job.ready else soon)
            thread = threading.Thread(
                target=self._turns, args=(job,), name=f"job {job.name}", daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def stop(self, patience: float = 10.0) -> None:
        """Let running jobs end, for so many seconds at most, and take no more leases."""
        self._stop.set()
        until = time.monotonic() + patience
        for thread in self._threads:
            thread.join(max(until - time.monotonic(), 0.0))

    def _turns(self, job: Job) -> None:
        while not self._stop.wait(_pause(job)):
            try:
                self._turn(job)
            except Exception:  # noqa: BLE001 - a full disk or a locked database must not end the thread
                _log.exception("The job %r could not be taken or noted.", job.name)
                self._stop.wait(_POLL_SECONDS)

    def _turn(self, job: Job) -> None:
        if job.ready is not None and not job.ready(self.workspace):
            return
        now = _now()
        until = now + _us(self.lease)
        epoch = self._table.take(
            job.name, holder=self.holder, now_us=now, until_us=until, is_dead=is_dead
        )
        if epoch is None:
            return
        lease = Lease(self._table, job.name, epoch, lasts=self.lease)
        if job.every is not None and job.every < _OFTEN:
            self._often(job, lease)
        else:
            self._once(job, lease)

    def _once(self, job: Job, lease: Lease) -> None:
        over = threading.Event()
        beat = threading.Thread(target=self._beat, args=(lease, over), daemon=True)
        beat.start()
        try:
            result, error = self._work(job, lease)
        finally:
            over.set()
            beat.join()
        give_back()
        now = _now()
        following = job.next_us(now, self.workspace.store.timezone)
        if not self._table.end(
            job.name, epoch=lease.epoch, ended_us=now, next_us=following, result=result, error=error
        ):
            _log.warning("The job %r was taken over while it ran here.", job.name)

    def _often(self, job: Job, lease: Lease) -> None:
        """Run a job again and again under one lease; every write costs the disk a turn, so few are made."""
        every = (job.every or _OFTEN).total_seconds()
        patience = min(_OFTEN, self.lease / 3).total_seconds()
        said: tuple[str | None, str | None] | None = None
        noted = held = time.time() - patience
        before: tuple[str | None, str | None] | None = None
        while not self._stop.is_set():
            # A process that slept through its lease must not work before it has asked for it again.
            if time.time() - held > 2 * patience and not lease.hold():
                return
            found = self._work(job, lease)
            if time.time() - noted >= patience or (found[1] and found != said):
                if not self._note(job, lease, found):
                    return
                said, noted = found, time.time()
                held = noted
            if found != before and time.time() - self._given >= _GIVE_BACK_S:
                self._given = time.time()
                give_back()
            before = found
            self._stop.wait(every)
        self._table.give_back(job.name, epoch=lease.epoch)

    def _note(self, job: Job, lease: Lease, found: tuple[str | None, str | None]) -> bool:
        now = _now()
        return self._table.note(
            job.name,
            epoch=lease.epoch,
            ended_us=now,
            until_us=now + _us(self.lease),
            result=found[0],
            error=found[1],
        )

    def _work(self, job: Job, lease: Lease) -> tuple[str | None, str | None]:
        try:
            return job.work(self.workspace, lease), None
        except PathworthError as error:
            return None, str(error)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong is said and tried again
            _log.exception("The job %r failed.", job.name)
            return None, f"{type(error).__name__}: {error}"

    def _beat(self, lease: Lease, over: threading.Event) -> None:
        while not over.wait(self.lease.total_seconds() / 3):
            try:
                if not lease.hold():
                    return
            except PathworthError:
                _log.exception("The lease of the job %r could not be held.", lease.name)


def job_rows(workspace: Workspace) -> tuple[JobRow, ...]:
    """Return every job as it stands, by name."""
    now = _now()
    return tuple(
        JobRow(
            one.name,
            one.period,
            _state(one, now),
            _iso(one.next_us),
            _iso(one.started_us),
            _iso(one.ended_us),
            one.result,
            one.error,
        )
        for one in store.Jobs(workspace.store).all()
    )


def ask_job(workspace: Workspace, name: str) -> tuple[JobRow, ...]:
    """Make a job due now, and return all of them; whoever serves the workspace runs it within a second or two."""
    store.Jobs(workspace.store).ask(name, now_us=_now())
    return job_rows(workspace)


def _state(one: store.JobRecord, now_us: int) -> str:
    held = one.holder is not None and one.lease_us is not None and one.lease_us > now_us
    if held:
        return "running"
    if one.next_us is not None and one.next_us < now_us - _us(_LATE):
        return "late"
    return "waiting" if one.error is None else "failed"


def _pause(job: Job) -> float:
    often = job.every is not None and job.every < _OFTEN
    return 0.2 if often else _POLL_SECONDS


def _next_night(now_us: int, at: clock_time, zone: ZoneInfo) -> int:
    here = datetime.fromtimestamp(now_us / _SECOND_US, UTC).astimezone(zone)
    night = datetime.combine(here.date(), at, zone)
    if night <= here:
        night = datetime.combine(here.date() + timedelta(days=1), at, zone)
    return int(night.timestamp()) * _SECOND_US


def _words(every: timedelta) -> str:
    seconds = every.total_seconds()
    if seconds < 60:
        return f"{seconds:g} s"
    return f"{seconds / 60:g} min" if seconds < 3600 else f"{seconds / 3600:g} h"


def _us(span: timedelta) -> int:
    return span // timedelta(microseconds=1)


def _now() -> int:
    return time.time_ns() // 1_000


def _iso(instant_us: int | None) -> str | None:
    return None if instant_us is None else to_iso(instant_us)

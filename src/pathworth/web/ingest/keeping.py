"""Has batches written: those that come while others are being written go to the disk together, in one turn."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from starlette.concurrency import run_in_threadpool

from pathworth import run
from pathworth.store import HandedIn

Waiting = list[tuple[HandedIn, "asyncio.Future[None]"]]


@dataclass
class _Turn:
    """What waits in one event loop, and the task that has it written, while there is one."""

    waiting: Waiting = field(default_factory=list)
    task: asyncio.Task[None] | None = None


@dataclass
class Keeping:
    """Keeps the batches of a workspace.

    Parameters
    ----------
    workspace
        Where they go.
    """

    workspace: run.Workspace
    _turns: WeakKeyDictionary[asyncio.AbstractEventLoop, _Turn] = field(
        default_factory=WeakKeyDictionary
    )

    async def keep(self, batch: HandedIn) -> None:
        """Return when a batch is on the disk.

        Raises
        ------
        StoreTrouble
            ``DISK_FULL``; nothing was kept.
        """
        loop = asyncio.get_running_loop()
        turn = self._turns.setdefault(loop, _Turn())
        done: asyncio.Future[None] = loop.create_future()
        turn.waiting.append((batch, done))
        if turn.task is None:
            turn.task = loop.create_task(self._write(turn))
        await done

    async def _write(self, turn: _Turn) -> None:
        try:
            while turn.waiting:
                mine, turn.waiting = turn.waiting, []
                try:
                    await run_in_threadpool(run.receive_all, self.workspace, [b for b, _ in mine])
                except Exception as trouble:  # noqa: BLE001  # whoever waits must hear of whatever it is
                    _tell(mine, trouble)
                else:
                    _tell(mine, None)
        finally:
            turn.task = None


def _tell(mine: Waiting, trouble: Exception | None) -> None:
    """Let those go on whose client is still there."""
    for _, done in mine:
        if done.done():
            continue
        if trouble is None:
            done.set_result(None)
        else:
            done.set_exception(trouble)

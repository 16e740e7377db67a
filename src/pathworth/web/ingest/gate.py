"""What all addresses of a workspace share: its keys, and how much is being held for it at this moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from starlette.concurrency import run_in_threadpool

from pathworth import run
from pathworth.base.errors import Refused
from pathworth.web.ingest import bodies
from pathworth.web.ingest.keeping import Keeping
from pathworth.web.ingest.keys import from_elsewhere

_MOST_AT_ONCE: Final = 8 * bodies.MOST
_MOST_KEYS: Final = 8
"""So many keys of one request are looked up at most."""


@dataclass
class Gate:
    """Lets requests in.

    Parameters
    ----------
    keeping, keys
        Where events go, and what opens it.
    backlog
        Whether too much waits to be numbered already.
    held
        Bytes that requests without an answer may take.
    """

    keeping: Keeping
    keys: run.KeyRing
    backlog: run.Watch[bool]
    held: int = 0

    @contextmanager
    def room_for(self, headers: Mapping[bytes, bytes]) -> Iterator[None]:
        """Hold room for a request's bytes until it is answered.

        Raises
        ------
        Refused
            ``TOO_BUSY``.
        """
        said = headers.get(b"content-length", b"")
        size = min(int(said), bodies.MOST) if said.isdigit() else bodies.MOST
        if self.held and self.held + size > _MOST_AT_ONCE:
            raise _too_busy()
        self.held += size
        try:
            yield
        finally:
            self.held -= size

    async def keep_up(self) -> None:
        """Let nothing more in while too much waits.

        Raises
        ------
        Refused
            ``TOO_BUSY``.
        """
        late = self.backlog.known()
        if late if late is not None else await run_in_threadpool(self.backlog.look):
            raise _too_busy()

    async def check(self, given: Sequence[str], headers: Mapping[bytes, bytes]) -> str:
        """Return the name of the key that opens; empty where none is needed.

        While no key was made, an open house takes what this machine sends, but nothing of a page from elsewhere: any
        page that is open in a browser here could else write what it likes.

        Raises
        ------
        Refused
            ``KEY_NEEDED``.
        """
        given = given[:_MOST_KEYS]
        name, elsewhere = self.keys.remembered(given), from_elsewhere(headers)
        if name is None and not elsewhere and self.keys.known_open(given):
            name = ""
        if name is None:
            name = await run_in_threadpool(self._found, given, elsewhere)
        if name is None:
            raise Refused(
                "KEY_NEEDED",
                "No key of this workspace came with the request.",
                "Make one: pathworth key create --name NAME",
            )
        return name

    def _found(self, given: Sequence[str], elsewhere: bool) -> str | None:  # noqa: FBT001
        name = self.keys.name_of(given)
        if name is None and not elsewhere and self.keys.stands_open():
            return ""
        return name


def _too_busy() -> Refused:
    return Refused(
        "TOO_BUSY",
        "More is being handed in than can be kept at this moment.",
        "Send it again a little later.",
    )

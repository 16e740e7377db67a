"""One request to an API, again where it fails for a while, never faster than it allows, and only where it belongs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import BinaryIO
from urllib.parse import SplitResult, urlsplit

from pathworth.base.errors import BadInput, Refused, StoreTrouble

PATIENCE_S = 60.0
"""An API that wants to be left alone for longer is asked again at the next turn."""
TRIES = 5
TIMEOUT_S = 60.0
PIECE = 1 << 20
_BUSY = (429, 503)


class Later(Exception):  # no error: the API says when it may be asked again
    """An API wants to be left alone for some seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"It wants to be left alone for {seconds:.0f} s.")
        self.seconds = seconds


@dataclass(frozen=True)
class Request:
    """What is sent; its words never stand in an error, since they may hold a secret."""

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Asker:
    """Asks the API at one address.

    Parameters
    ----------
    address
        To which all requests go: a link in an answer that leads elsewhere is not followed.
    empty
        Statuses that say that there is nothing.
    wait
        Waits some seconds.
    """

    address: str
    empty: tuple[int, ...] = ()
    wait: Callable[[float], None] = time.sleep

    def ask(self, request: Request, into: BinaryIO, *, most: int) -> int:
        """Write the body of the answer into a file, and return how many bytes those are.

        Raises
        ------
        Refused
            ``PULL_KEY_REFUSED``, ``PULL_REFUSED``, ``PULL_ELSEWHERE``.
        StoreTrouble
            ``PULL_NO_ANSWER``.
        BadInput
            ``PULL_TOO_LARGE``.
        Later
            When the API wants to be left alone for long.
        """
        url = urlsplit(request.url)
        if _origin(url) != _origin(urlsplit(self.address)):
            raise Refused(
                "PULL_ELSEWHERE",
                f"An answer of {urlsplit(self.address).hostname} leads to {url.hostname}, which is not asked.",
                "Say the right address with --set address=..., or tell who made the connector.",
            )
        trouble = ""
        for turn in range(TRIES):
            pause = 2.0**turn
            try:
                status, told, size = self._once(request, url, into, most=most)
            except (OSError, HTTPException) as error:
                trouble = f"{type(error).__name__}"
                self.wait(pause)
                continue
            if status in self.empty:
                return 0
            if status < 400:
                return size
            if status not in _BUSY and status < 500:
                raise _refused(status, url.hostname or "")
            trouble = f"status {status}"
            pause = pause if told is None else told
            if pause > PATIENCE_S:
                raise Later(pause)
            self.wait(pause)
        raise StoreTrouble(
            "PULL_NO_ANSWER",
            f"{url.hostname} gave no answer in {TRIES} turns: {trouble}.",
            "Nothing is lost: the next turn goes on where this one stood.",
        )

    def _once(
        self, request: Request, url: SplitResult, into: BinaryIO, *, most: int
    ) -> tuple[int, float | None, int]:
        """Return the status, for how long the API wants to be left alone, and how many bytes came."""
        kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
        connection = kind(url.hostname or "", url.port, timeout=TIMEOUT_S)
        start = into.tell()
        try:
            path = (url.path or "/") + (f"?{url.query}" if url.query else "")
            connection.request(request.method, path, request.body, dict(request.headers))
            with connection.getresponse() as answer:
                if 300 <= answer.status < 400:
                    raise _refused(answer.status, url.hostname or "")
                if answer.status >= 400:
                    return answer.status, _told(answer), 0
                return answer.status, None, _copied(answer, into, most=most)
        except (OSError, HTTPException):
            into.seek(start)
            into.truncate()
            raise
        finally:
            connection.close()


def _copied(answer: HTTPResponse, into: BinaryIO, *, most: int) -> int:
    size = 0
    while piece := answer.read(PIECE):
        size += len(piece)
        if size > most:
            raise BadInput(
                "PULL_TOO_LARGE",
                f"An answer holds more than {most >> 20} MiB.",
                "Ask for less at once: a shorter window, or smaller pages.",
            )
        into.write(piece)
    if answer.length:
        raise HTTPException("the answer broke off")
    return size


def _told(answer: HTTPResponse) -> float | None:
    """Return for how many seconds an API wants to be left alone: a number, or a date."""
    said = answer.getheader("Retry-After")
    if not said:
        return None
    if said.strip().replace(".", "", 1).isdigit():
        return float(said)
    try:
        return max(parsedate_to_datetime(said).timestamp() - time.time(), 0.0)
    except (TypeError, ValueError):
        return None


def _refused(status: int, host: str) -> Refused:
    if status in {401, 403}:
        return Refused(
            "PULL_KEY_REFUSED",
            f"{host} refused the secret (status {status}).",
            "Check that it is the right one, still valid, and may read this.",
        )
    return Refused(
        "PULL_REFUSED",
        f"{host} refused the request (status {status}).",
        "Check the settings of the pull: see pathworth pull connectors.",
    )


def _origin(url: SplitResult) -> tuple[str, str | None, int | None]:
    return url.scheme, url.hostname, url.port

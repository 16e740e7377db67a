"""A real SMTP server on loopback that keeps what it got, and stops at a chosen moment so that a kill can fall there."""

from __future__ import annotations

import asyncio
import email
import queue
import threading
from dataclasses import dataclass

from aiosmtpd.smtp import SMTP, Envelope, Session

MOMENTS = ("hello", "sender", "receiver", "text", "answer")
"""Inside the dialogue; at ``answer`` the message is kept and its 250 is still to come."""


@dataclass(frozen=True)
class Got:
    """One message that was kept."""

    receiver: str
    id: str
    subject: str


class MailRoom:
    """The server with what it keeps.

    ``stop_at(moment)`` holds the next dialogue there for ``hold`` seconds; ``reached`` returns when it is.
    """

    def __init__(self, hold: float = 5.0) -> None:
        self.kept: list[Got] = []
        self.hold = hold
        self._armed: str | None = None
        self._lock = threading.Lock()
        self._reached: queue.Queue[str] = queue.Queue()

    def __enter__(self) -> MailRoom:
        # aiosmtpd tries its own port first; 0 lets the system choose, so only the listening itself is started.
        loop = asyncio.new_event_loop()
        ready = threading.Event()

        def serve() -> None:
            asyncio.set_event_loop(loop)
            made = loop.create_server(
                lambda: SMTP(self, loop=loop, hostname="test"), "127.0.0.1", 0
            )
            self._server = loop.run_until_complete(made)
            self.port = self._server.sockets[0].getsockname()[1]
            ready.set()
            loop.run_forever()

        self._loop, self._thread = loop, threading.Thread(target=serve, daemon=True)
        self._thread.start()
        ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        async def close() -> None:
            self._server.close()
            for task in asyncio.all_tasks():
                if task is not asyncio.current_task():
                    task.cancel()
            await asyncio.sleep(0.05)

        asyncio.run_coroutine_threadsafe(close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def stop_at(self, moment: str) -> None:
        with self._lock:
            self._armed = moment

    def let_go(self) -> None:
        with self._lock:
            self._armed = None
        while not self._reached.empty():
            self._reached.get_nowait()

    def reached(self, timeout: float) -> bool:
        try:
            self._reached.get(timeout=timeout)
        except queue.Empty:
            return False
        return True

    async def _at(self, moment: str) -> None:
        with self._lock:
            armed = self._armed == moment
            if armed:
                self._armed = None
        if armed:
            self._reached.put(moment)
            await asyncio.sleep(self.hold)

    async def handle_EHLO(
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        session.host_name = hostname
        await self._at("hello")
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self._at("sender")
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self._at("receiver")
        if address.startswith("nobody"):
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await self._at("text")
        mail = email.message_from_bytes(envelope.content or b"")
        for receiver in envelope.rcpt_tos:
            self.kept.append(Got(receiver, str(mail["Message-ID"]), str(mail["Subject"])))
        await self._at("answer")
        return "250 kept"

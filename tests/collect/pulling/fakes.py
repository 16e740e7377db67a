"""An API of the tests' own, on loopback: says what a function says, and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request: its path, its query and body, and its headers in small letters."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    headers: dict[str, str]


@dataclass
class Fake:
    """What it says, and what it was asked."""

    address: str = ""
    say: Callable[[Asked], Any] = lambda _: {}
    asked: list[Asked] = field(default_factory=list)

    def script(self, *answers: Any) -> None:
        """Say these one after the other: JSON, bytes, a status, or a status with headers."""
        left = list(answers)
        self.asked.clear()
        self.say = lambda _: left.pop(0)


@contextmanager
def fake_api() -> Iterator[Fake]:
    """Serve meanwhile."""
    fake = Fake()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            size = int(self.headers.get("Content-Length") or 0)
            raw = self.rfile.read(size)
            try:
                body = json.loads(raw) if raw else None
            except ValueError:
                body = raw.decode()
            query = {name: texts[-1] for name, texts in parse_qs(url.query).items()}
            headers = {name.lower(): text for name, text in self.headers.items()}
            one = Asked(self.command, unquote(url.path), query, body, headers)
            fake.asked.append(one)
            found = fake.say(one)
            status, more = 200, {}
            if isinstance(found, int):
                status, found = found, b""
            elif isinstance(found, tuple):
                (status, more), found = found, b""
            data = found if isinstance(found, bytes) else json.dumps(found).encode()
            self.send_response(status)
            for name, text in more.items():
                self.send_header(name, text)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

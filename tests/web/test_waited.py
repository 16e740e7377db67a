"""Work for a request ends when whoever asked goes away, and says meanwhile how far it is."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.concurrency import run_in_threadpool

from pathworth import run
from pathworth.journeys import Waiter, waiter
from pathworth.store import Cluster
from pathworth.web import build_app
from pathworth.web.operations import Waited

QUESTION = {"type": "http", "method": "GET", "path": "/api/measure/funnel", "headers": []}


async def asked(app: Any, *came: dict[str, Any], after: asyncio.Event) -> list[dict[str, Any]]:
    """Ask an application as a server does: what came in, and once something happened that the asker went away."""
    messages, sent = list(came), []

    async def receive() -> dict[str, Any]:
        if messages:
            return messages.pop(0)
        await after.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(QUESTION, receive, send)
    return sent


def run_anew(work: Coroutine[Any, Any, None]) -> None:
    """Run work in a thread of its own: where tests share a process with those of a browser, this one's has a loop."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def test_work_in_a_thread_learns_that_the_asker_went_away() -> None:
    waiters: dict[int, Waiter] = {}
    seen: list[object] = []

    async def ask() -> None:
        went = asyncio.Event()
        loop = asyncio.get_running_loop()

        def work() -> None:
            one = waiter()
            assert one is not None
            one.begin("Asking the cluster")
            one.tell("Asking the cluster", 0.25)
            seen.append(run.asking_now(waiters.values()))
            loop.call_soon_threadsafe(went.set)
            assert one.gone.wait(10)

        async def app(_scope: Any, receive: Any, send: Any) -> None:
            seen.append(await receive())
            await run_in_threadpool(work)
            seen.append(await receive())
            await send({"type": "http.response.start", "status": 200, "headers": []})

        body = {"type": "http.request", "body": b"some", "more_body": False}
        sent = await asked(Waited(app, waiters=waiters), body, after=went)
        seen.append(sent[0]["status"])

    run_anew(ask())
    assert seen == [
        {"type": "http.request", "body": b"some", "more_body": False},
        (run.Asking("Asking the cluster", 0.25, 1),),
        {"type": "http.disconnect"},
        200,
    ]
    assert waiters == {}
    assert waiter() is None


def test_an_answer_leaves_nobody_waiting_and_a_failure_neither() -> None:
    waiters: dict[int, Waiter] = {}

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        assert len(waiters) == 1
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def broken(*_: Any) -> None:
        raise ValueError("no")

    async def ask(one: Any) -> None:
        await asked(Waited(one, waiters=waiters), after=asyncio.Event())

    run_anew(ask(app))
    with pytest.raises(ValueError, match="no"):
        run_anew(ask(broken))
    assert waiters == {}


def test_a_server_that_asks_a_cluster_says_how_far_it_is(tmp_path: Path) -> None:
    plain = run.init(tmp_path / "shop")
    far = replace(plain, engine=run.ClusterEngine(plain.store, Cluster("local[1]")))
    for workspace in (plain, far):
        app = build_app(workspace)
        with TestClient(app, base_url="http://127.0.0.1") as client:
            assert client.get("/api/run/asking").json() == []
            one = Waiter()
            one.begin("Asking the cluster")
            one.tell("Asking the cluster", 0.5)
            app.state.waiters[1] = one
            told = client.get("/api/run/asking").text
            assert json.loads(told) == [{"what": "Asking the cluster", "share": 0.5, "turn": 1}]
        assert any(one.cls is Waited for one in app.user_middleware) == (workspace is far)

"""Rows of a real PostgreSQL server, asked over ADBC: each once, from where the last turn ended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool
from tests.collect.pulling.conftest import Pulling
from tests.contracts.faces import said
from tests.store.servers import cluster
from typer.testing import CliRunner

from pathworth import run
from pathworth.base.errors import PathworthError
from pathworth.cli.app import app as command

pytest.importorskip("adbc_driver_postgresql")
ORDERS = "SELECT id, customer, paid, total, extra, updated FROM orders ORDER BY updated"
MEANS = {"entity": "customer", "event": "=Order", "time": "paid", "value": "total", "id": "id"}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with cluster() as held:
        yield held.database()


@pytest.fixture(scope="module")
def base(server: str) -> Engine:
    engine = create_engine(server, poolclass=NullPool)
    with engine.begin() as session:
        session.execute(
            text(
                "CREATE TABLE orders (id uuid PRIMARY KEY, customer text, paid timestamptz, total numeric(12,2),"
                " extra jsonb, updated bigint)"
            )
        )
    add(engine, 1, 2)
    return engine


def add(engine: Engine, *numbers: int) -> None:
    order = text(
        "INSERT INTO orders VALUES (cast(:id AS uuid), :who, '2026-01-09T10:00:00+01', 12.50,"
        """ '{"plan": "Team"}', :n)"""
    )
    with engine.begin() as session:
        for n in numbers:
            session.execute(
                order, {"id": f"00000000-0000-0000-0000-{n:012}", "who": f"w{n}", "n": n}
            )


def address(server: str) -> str:
    return server.replace("postgresql+psycopg", "postgresql")


@pytest.fixture
def reached(
    pulling: Pulling, server: str, base: Engine, monkeypatch: pytest.MonkeyPatch
) -> Pulling:
    monkeypatch.setenv("WAREHOUSE", address(server))
    return pulling


def test_rows_come_once_and_the_next_turn_asks_from_the_greatest_value_on(
    reached: Pulling, base: Engine
) -> None:
    settings: dict[str, str] = {
        **MEANS,
        "query": f"{ORDERS};",
        "cursor": "updated",
        "source": "orders",
    }
    place = {"secret": "env:WAREHOUSE"}
    run.add_pull(reached.workspace, "orders", connector="warehouse", settings=settings, **place)
    assert str(reached.run("orders").result).startswith("2 new, 0 there already, 0 refused")
    assert reached.told("orders") == [
        ("w1", "Order", "2026-01-09 09:00:00"),
        ("w2", "Order", "2026-01-09 09:00:00"),
    ]
    snapshot = reached.workspace.store.snapshot(having=["extra"])
    assert '"Team"' in str(list(snapshot.columns["extra"].values))
    add(base, 3)
    # The last value comes again, since others may have it too.
    assert str(reached.run("orders").result).startswith("1 new, 1 there already, 0 refused")
    assert [who for who, _, _ in reached.told("orders")] == ["w1", "w2", "w3"]
    money = [shard.columns["value"].sum() for shard in reached.workspace.store.snapshot().shards]
    assert sum(int(one) for one in money) == 3 * 12_500_000


def test_a_query_without_rows_brings_nothing(reached: Pulling) -> None:
    settings = {**MEANS, "query": f"{ORDERS.replace('ORDER', 'WHERE false ORDER')}"}
    run.add_pull(
        reached.workspace, "none", connector="warehouse", secret="env:WAREHOUSE", settings=settings
    )
    assert reached.run("none").result == "Nothing new."


@pytest.mark.parametrize(
    ("changed", "expected", "word"),
    [
        ({"query": "SELECT * FROM nowhere"}, "WAREHOUSE_REFUSED", "nowhere"),
        ({"cursor": "changed"}, "NO_CURSOR_COLUMN", "updated"),
    ],
)
def test_what_a_database_refuses_is_said_in_its_words(
    reached: Pulling, changed: dict[str, str], expected: str, word: str
) -> None:
    settings = {**MEANS, "query": ORDERS, **changed}
    run.add_pull(
        reached.workspace, "bad", connector="warehouse", secret="env:WAREHOUSE", settings=settings
    )
    with pytest.raises(PathworthError) as caught:
        reached.run("bad")
    assert (caught.value.code, word in str(caught.value)) == (expected, True)


def test_an_address_that_is_none_is_refused_without_being_said(
    reached: Pulling, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings: dict[str, Any] = {**MEANS, "query": ORDERS}
    run.add_pull(
        reached.workspace, "shut", connector="warehouse", secret="env:WAREHOUSE", settings=settings
    )
    for place, expected in (
        ("mysql://name:pass-9f3@127.0.0.1/base", "BAD_WAREHOUSE"),
        ("postgresql://name:pass-9f3@127.0.0.1:1/base", "WAREHOUSE_REFUSED"),
    ):
        monkeypatch.setenv("WAREHOUSE", place)
        with pytest.raises(PathworthError) as caught:
            reached.run("shut")
        assert caught.value.code == expected
        assert "pass-9f3" not in str(caught.value)


def test_the_command_imports_a_query_as_it_does_a_file(reached: Pulling) -> None:
    words = ("import", "--warehouse", "env:WAREHOUSE", "--query", ORDERS, "--source", "once")
    means = ("--entity", "customer", "--event", "=Order", "--time", "paid", "--id", "id")
    done = said(reached.workspace.store.path, *words, *means)
    assert done["accepted"] == len(reached.told("once")) >= 2
    assert said(reached.workspace.store.path, *words, *means)["accepted"] == 0
    assert not list((reached.workspace.store.path / "pulls").iterdir())
    unsure = ("import", "--warehouse", "env:WAREHOUSE", "--query", "SELECT 'a' AS a, 'b' AS b")
    words = [*unsure, "-w", str(reached.workspace.store.path)]
    with pytest.raises(PathworthError) as caught:
        CliRunner().invoke(command, words, catch_exceptions=False)
    assert caught.value.code == "MAPPING_UNSURE"
    assert "--warehouse env:WAREHOUSE --query 'SELECT" in caught.value.hint

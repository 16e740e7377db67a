"""A workspace is made, opened, refused, and remembers what people declare."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from tests.store.made import bytes_of, drawn, put
from tests.tables import Remembered

from pathworth.base.declarations import Declarations
from pathworth.base.errors import BadInput, StoreTrouble, UnknownName, WrongUsage
from pathworth.store import InputFile, Workspace, held_open
from pathworth.store.records import database
from pathworth.store.records.database import HEAD


def test_a_new_workspace_is_empty_and_keeps_its_time_zone_and_currency(tmp_path: Path) -> None:
    Workspace.create(tmp_path / "shop", timezone="Europe/Amsterdam", currency="USD")
    opened = Workspace.open(tmp_path / "shop")
    snapshot = opened.snapshot()
    assert (opened.timezone, opened.currency) == ("Europe/Amsterdam", "USD")
    assert (snapshot.events, snapshot.entities, snapshot.names) == (0, 0, ())
    assert (snapshot.timezone, snapshot.currency) == ("Europe/Amsterdam", "USD")
    assert opened.imports() == ()


@pytest.mark.parametrize(
    ("change", "error", "code"),
    [
        ({"timezone": "Europe/Amsterdm"}, UnknownName, "UNKNOWN_TIMEZONE"),
        ({"currency": "euro"}, WrongUsage, "BAD_CURRENCY"),
    ],
)
def test_a_wrong_setting_is_refused_and_leaves_nothing(
    tmp_path: Path, change: dict[str, str], error: type[Exception], code: str
) -> None:
    with pytest.raises(error) as caught:
        Workspace.create(tmp_path / "shop", **change)
    assert caught.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_is_not_made_a_workspace(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("a,b\n")
    with pytest.raises(BadInput, match="FOLDER_NOT_EMPTY"):
        Workspace.create(tmp_path)
    Workspace.create(tmp_path / "shop")
    with pytest.raises(BadInput, match="WORKSPACE_EXISTS"):
        Workspace.create(tmp_path / "shop")


def test_a_folder_without_a_workspace_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="pathworth init"):
        Workspace.open(tmp_path)


def test_opening_and_reading_change_no_byte(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "shop")
    put(workspace, drawn(50, 1))
    before = bytes_of(tmp_path / "shop")
    opened = Workspace.open(tmp_path / "shop")
    assert opened.snapshot().events == 50
    assert len(opened.imports()) == 1
    assert bytes_of(tmp_path / "shop") == before


def test_maps_keep_every_revision_and_the_same_text_makes_no_new_one(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "shop")
    assert workspace.save_map("shop", "steps: [a]", author="ann") == 1
    assert workspace.save_map("shop", "steps: [a]", author="bob") == 1
    assert workspace.save_map("shop", "steps: [b]", author="bob") == 2
    assert workspace.save_map("other", "steps: []", author="ann") == 1
    assert workspace.map("shop").document == "steps: [b]"
    assert workspace.map("shop", 1).author == "ann"
    assert [(m.name, m.revision) for m in workspace.maps()] == [("other", 1), ("shop", 2)]
    assert workspace.save_map("shop", "steps: [c]", author="discovery", first=True) == 2
    assert workspace.map("shop").document == "steps: [b]"
    assert workspace.save_map("new", "steps: [c]", author="discovery", first=True) == 1
    with pytest.raises(UnknownName, match="shop"):
        workspace.map("shpo")
    with pytest.raises(UnknownName, match="UNKNOWN_REVISION"):
        workspace.map("shop", 7)


def test_maps_saved_at_the_same_moment_all_get_a_revision(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "shop")
    found: list[int] = []

    def save(k: int) -> None:
        found.append(workspace.save_map("shop", f"steps: [{k}]", author="ann"))

    threads = [threading.Thread(target=save, args=(k,)) for k in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [1, 2, 3, 4, 5, 6]


def test_declarations_come_back_as_they_were_saved(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "shop")
    assert workspace.declarations() == Declarations()
    said = Declarations(
        persona="role",
        calendar=(("freeze", "2026-12-01", "2027-01-01"),),
        structural=(("crm", "x"),),
    )
    workspace.save_declarations(said)
    assert Workspace.open(tmp_path / "shop").declarations() == said


def test_the_newest_migration_is_the_one_that_is_asked_for(tmp_path: Path) -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option(
        "script_location", str(Path(database.__file__).parents[1] / "migrations")
    )
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_migrations_make_the_tables_that_the_models_say(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from pathworth.store.records.database import Base, Database

    Workspace.create(tmp_path / "shop")
    with Database(tmp_path / "shop").engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []


def test_the_tables_can_be_made_in_postgresql_too() -> None:
    from sqlalchemy.dialects import postgresql
    from sqlalchemy.schema import CreateTable

    from pathworth.store.records.database import Base

    made = [
        str(CreateTable(table).compile(dialect=postgresql.dialect()))
        for table in Base.metadata.sorted_tables
    ]
    assert len(made) == len(Base.metadata.sorted_tables) >= 6
    assert all("CREATE TABLE" in statement for statement in made)


def test_there_is_one_writer_and_a_reader_still_sees_the_old_state(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "shop")
    put(workspace, drawn(30, 1))
    other = Workspace.open(tmp_path / "shop")
    with workspace.begin_import(files=[InputFile("a", "a", 1)]):
        with pytest.raises(StoreTrouble, match="WORKSPACE_BUSY"):
            other.begin_import(files=[InputFile("b", "b", 1)])
        assert Workspace.open(tmp_path / "shop").snapshot().events == 30
    assert put(other, drawn(30, 2)).accepted == 30


def test_a_database_that_is_held_open_leaves_nothing_beside_it_afterwards(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "w")
    log = workspace.path / "workspace.db-wal"
    with held_open(workspace):
        workspace.save_map("journey", "steps: []", author="nobody")
        assert log.exists()
        assert Workspace.open(workspace.path).map("journey").document == "steps: []"
    assert not log.exists()
    assert workspace.map("journey").document == "steps: []"


def test_tables_that_tests_make_in_short_are_those_that_migrating_makes(tmp_path):
    short = Remembered(database._upgrade.upgrade)
    made = []
    for name in ("asked", "told"):
        engine = create_engine(f"sqlite:///{tmp_path / name}")
        short(engine)
        with closing(sqlite3.connect(tmp_path / name)) as held:
            made.append(sorted(held.iterdump()))
    assert made[0] == made[1]
    assert len(made[0]) > 50

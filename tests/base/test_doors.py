"""Front doors load what is used; a short command loads little, one question no more than it asks."""

import importlib
import json
import pkgutil
import subprocess
import sys

import pytest

from pathworth.base.doors import opened_on_use

DOORS = ("pathworth", "pathworth.run")
LISTED = "; import json, sys; print(json.dumps([name for name in sys.modules]))"


def loaded(code: str) -> set[str]:
    """Return the modules that a process holds after some code."""
    done = subprocess.run(
        [sys.executable, "-c", code + LISTED], check=True, capture_output=True, text=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("door", DOORS)
def test_every_name_of_a_door_is_there_and_none_is_hidden_by_a_module(door):
    package = importlib.import_module(door)
    modules = {one.name for one in pkgutil.iter_modules(package.__path__)}
    for name in package.__all__:
        found = getattr(package, name)
        assert name not in modules or found is importlib.import_module(f"{door}.{name}"), name


def test_a_name_that_is_not_there_is_told_as_python_tells_it(tmp_path):
    (tmp_path / "door.py").write_text("if TYPE_CHECKING:\n    from json import dumps as written\n")
    find = opened_on_use("tests.base.test_doors", str(tmp_path / "door.py"))
    with pytest.raises(AttributeError, match="has no attribute 'dumps'"):
        find("dumps")


def test_saying_the_version_loads_neither_arrays_nor_the_store():
    held = loaded(
        "import contextlib, pathworth.cli.app as it\n"
        "with contextlib.suppress(SystemExit): it.app(['--version'])\n0"
    )
    assert "pathworth.cli.app" in held
    assert not {"numpy", "numba", "sqlalchemy", "pathworth.store", "pathworth.run.workspace"} & held


def test_loading_a_question_leaves_the_other_rooms_alone():
    held = loaded("import pathworth.cli.measure.asking, pathworth.run.asked.questions")
    assert "pathworth.measure" in held
    others = {f"pathworth.{room}" for room in ("act", "learn", "value", "collect", "web")}
    assert not (others | {"scipy.stats", "jinja2", "duckdb", "fastapi"}) & held

"""Whatever JSON objects a file holds, the reader gives what the json module gives."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from pathworth.collect.readers import blocks, read_rows, shape_of

PLAIN = ["a", "b", "A", "a.b", "c/d", "e~f", "g'h", "0", "é", "$", "a b"]
ODD = ['i"j', "", "k*", "l\\m"]
KEYS = st.sampled_from(PLAIN)
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    WORDS,
    st.just("{not json"),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)
OBJECTS = st.dictionaries(st.sampled_from(PLAIN + ODD), VALUES, max_size=4)


def naive(value: dict[str, Any]) -> dict[tuple[str, ...], str]:
    """Return the fields of an object by their path, three levels deep, the obvious way."""
    found: dict[tuple[str, ...], str] = {}

    def walk(path: tuple[str, ...], inner: Any) -> None:
        if isinstance(inner, dict) and len(path) < 3 and path[:1] not in {(odd,) for odd in ODD}:
            for key, below in inner.items():
                walk((*path, key), below)
        elif isinstance(inner, dict | list):
            found[path] = json.dumps(inner, separators=(",", ":"), ensure_ascii=False)
        elif isinstance(inner, bool):
            found[path] = "true" if inner else "false"
        elif inner is not None:
            found[path] = str(inner)

    walk((), value)
    return found


def read(path: Path) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    for batch in read_rows(path, shape_of(path)):
        columns = {name: column.to_pylist() for name, column in batch.columns.items()}
        for k in range(len(batch.row)):
            rows.append({n: cells[k] for n, cells in columns.items() if cells[k] is not None})
    return rows


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(OBJECTS, min_size=1, max_size=8), st.integers(20, 400))
def test_every_field_of_every_object_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, objects: list[dict[str, Any]], block: int
) -> None:
    monkeypatch.setattr(blocks, "BLOCK", block)
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps(o, ensure_ascii=False) for o in objects) + "\n")
    got = read(path)
    assert len(got) == len(objects)
    for row, value in zip(got, objects, strict=True):
        assert sorted(row.values()) == sorted(naive(value).values())


def test_a_key_that_holds_a_text_here_and_an_object_there_is_both(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"a":"x"}\n{"a":{"b":1}}\n{"a":[1, 2.50]}\n{"a":null}\n{"a":{}}\n{"A":1,"a":2}\n'
    )
    assert read(path) == [{"a": "x"}, {"a.b": "1"}, {"a": "[1,2.5]"}, {}, {}, {"A": "1", "a": "2"}]


def test_lines_that_are_no_objects_are_torn_and_keep_their_number(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"a":1}\n[1]\n\n{"a":\n5\n{"a":2} x\n{"a":"\xff"}\n{"a":3}')
    rows = list(read_rows(path, replace(shape_of(path), encoding="utf-8")))
    assert [row.row.tolist() for row in rows] == [[1, 8]]
    assert [(t.row, t.code) for t in rows[0].torn] == [
        (2, "NOT_JSON"), (4, "NOT_JSON"), (5, "NOT_JSON"), (6, "NOT_JSON"), (7, "NOT_TEXT"),
    ]  # fmt: skip


def test_an_object_with_hundreds_of_keys_stays_one_text(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps({"p": {f"k{k}": k}, "q": k}) for k in range(300)))
    got = read(path)
    assert got[7] == {"p": '{"k7":7}', "q": "7"}
    assert len(got) == 300


def test_an_object_with_a_key_that_no_path_can_name_stays_one_text(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"p": {"a*": 1, "b": 2}, "q": {"b": 3}}\n{"p": [4], "q": {"b": "{"}}\n')
    assert read(path) == [{"p": '{"a*":1,"b":2}', "q.b": "3"}, {"p": "[4]", "q.b": "{"}]

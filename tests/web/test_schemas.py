from __future__ import annotations

from dataclasses import dataclass

from pathworth.web.schemas import model_of


@dataclass(frozen=True)
class Inner:
    """Inner."""

    to: str


@dataclass(frozen=True)
class Outer:
    """Outer."""

    from_: str
    inner: tuple[Inner, ...]
    interval: tuple[float, float] | None
    counts: dict[str, int]


def test_keys_of_the_document_are_the_keys_of_the_answer():
    schema = model_of(Outer).model_json_schema(by_alias=True)
    assert list(schema["properties"]) == ["from", "inner", "interval", "counts"]
    assert schema["properties"]["inner"]["type"] == "array"
    assert schema["required"] == ["from", "inner", "interval", "counts"]
    assert model_of(Outer) is model_of(Outer)

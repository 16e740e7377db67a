"""Answers as JSON: one conversion for the command line, the API and files, so that all say the same bytes."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

ON_REQUEST: Mapping[str, bool] = {"on_request": True}
"""Metadata of a field that is left out while it is null, because nobody asked for it."""


def to_json(answer: Any) -> Any:
    """Turn an answer into plain dicts, lists, texts, numbers and nulls.

    Parameters
    ----------
    answer
        A frozen dataclass or what it holds. A field ``from_`` becomes ``from``; times become ISO 8601 in UTC
        with Z; numbers that are not finite become null; fields marked ``ON_REQUEST`` are left out while null.
    """
    kind = type(answer)
    if answer is None or kind is int or isinstance(answer, str | bool):
        return answer
    if kind is float:
        return answer if math.isfinite(answer) else None
    if is_dataclass(answer) and not isinstance(answer, type):
        return {
            said: to_json(value)
            for name, said, always in _fields(kind)
            if (value := getattr(answer, name)) is not None or always
        }
    if isinstance(answer, Mapping):
        return {str(key): to_json(value) for key, value in answer.items()}
    if isinstance(answer, Enum):
        return to_json(answer.value)
    return _number_or_time(answer)


_said: dict[type, tuple[tuple[str, str, bool], ...]] = {}


def _fields(kind: type) -> tuple[tuple[str, str, bool], ...]:
    """Return of each field of a record its name, how it is said, and whether it is said while it is null."""
    found = _said.get(kind)
    if found is None:
        found = _said[kind] = tuple(
            (field.name, field.name.rstrip("_"), "on_request" not in field.metadata)
            for field in fields(kind)
        )
    return found


def _number_or_time(answer: Any) -> Any:
    """Convert what is neither text nor a record."""
    if isinstance(answer, int):
        return int(answer)
    if isinstance(answer, float):
        return float(answer) if math.isfinite(answer) else None
    if isinstance(answer, datetime):
        return answer.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(answer, date):
        return answer.isoformat()
    if isinstance(answer, Sequence | set | frozenset):
        return [to_json(one) for one in answer]
    if hasattr(answer, "tolist"):  # an array or a number of numpy, which this folder does not know
        return to_json(answer.tolist())
    raise TypeError(f"{type(answer).__name__} has no form in JSON")


def to_text(plain: Any) -> str:
    """Write what ``to_json`` returned as text, the same bytes for the same answer."""
    return json.dumps(plain, ensure_ascii=False, allow_nan=False, separators=(",", ":"))

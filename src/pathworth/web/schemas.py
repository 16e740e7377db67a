"""The answers' dataclasses as pydantic models, for the OpenAPI document that the app's types come from."""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from typing import Any

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field, create_model

LARGEST = 2**63 - 1
"""Rows of a database have no larger number."""
RowNumber = typing.Annotated[int, Path(ge=0, le=LARGEST)]
After = typing.Annotated[int, Query(ge=0, le=LARGEST)]


@functools.cache
def model_of(contract: type) -> type[BaseModel]:
    """Return the pydantic model with the JSON keys of a dataclass.

    Parameters
    ----------
    contract
        A frozen dataclass of a stage; a field such as ``from_`` is the key ``from``.
    """
    hints = typing.get_type_hints(contract)
    fields: dict[str, Any] = {}
    for one in dataclasses.fields(contract):
        alias = one.name.removesuffix("_")
        fields[one.name] = (_type_of(hints[one.name]), Field(alias=alias))
    return create_model(
        contract.__name__,
        __config__=ConfigDict(populate_by_name=True, serialize_by_alias=True),
        __doc__=(contract.__doc__ or "").split("\n")[0],
        **fields,
    )


def _type_of(hint: Any) -> Any:
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return model_of(hint)
    inner = typing.get_args(hint)
    origin = typing.get_origin(hint)
    if origin in {typing.Union, types.UnionType}:
        return typing.Union[tuple(_type_of(one) for one in inner)]  # noqa: UP007
    if origin is tuple and len(inner) == 2 and inner[1] is Ellipsis:
        return list[_type_of(inner[0])]  # type: ignore[misc]
    if origin is tuple:
        return tuple[tuple(_type_of(one) for one in inner)]  # type: ignore[misc]
    if origin is dict:
        return dict[inner[0], _type_of(inner[1])]  # type: ignore[misc,valid-type]
    return hint

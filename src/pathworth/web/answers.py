"""How an answer leaves: the same JSON text as the command line prints."""

from __future__ import annotations

from typing import Any

from fastapi import Response

from pathworth.base.json import to_json, to_text


def answer(found: Any) -> Response:
    """Return an answer of a stage as JSON."""
    return Response(to_text(to_json(found)), media_type="application/json")

"""How an answer leaves: the same JSON text as the command line prints, without what a low role may not see."""

from __future__ import annotations

from typing import Any

from fastapi import Response

from pathworth.base.json import to_text
from pathworth.run import left_out, with_handles

LEFT_OUT = "X-Cells-Left-Out"
"""How many numbers of few people an answer does not say, and of how few."""


def answer(found: Any) -> Response:
    """Return an answer of a stage as JSON; raises ``TOO_FEW_PEOPLE`` where whoever asks may see nothing of it."""
    left = left_out(found)
    said = f"{left.cells}; fewer-than={left.fewest}"
    said += f"; places={','.join(left.places)}" if left.places else ""
    headers = {LEFT_OUT: said} if left.cells else None
    return Response(
        to_text(with_handles(left.plain)), media_type="application/json", headers=headers
    )

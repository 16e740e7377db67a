"""A plain drawing of a map: steps in stages, arrows between them, loops as loops, returns as arcs above."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from math import log

from pathworth.atlas.contracts import MapDocument, MapStep

WIDE, HIGH, ACROSS, DOWN = 190, 64, 80, 34
LEFT, TOP = 44, 130
FORWARD_SHARE, BACK_SHARE = 0.05, 0.08
"""A move is drawn from this share of the moves out of its step on."""
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1c2430}"
    ".stage{font-size:11px;letter-spacing:.08em;fill:#5a6675}"
    ".n{font-size:11px;fill:#5a6675}rect{fill:#fff;stroke:#8a94a3}.assumed{stroke-dasharray:4 3}"
    "path{fill:none;stroke:#3b6ea8;stroke-opacity:.75}.back{stroke:#a8663b}"
)


def draw(document: MapDocument, moves: Mapping[tuple[str, str], int] | None = None) -> str:
    """Return a map as SVG; the same map and moves give the same text.

    Parameters
    ----------
    document
        The map.
    moves
        How many moves there are from a step's id to another's; the larger ones are drawn, without it none.
    """
    place = _places(document)
    height = max((y for _, y in place.values()), default=TOP) + HIGH + 40
    width = max((x for x, _ in place.values()), default=LEFT) + WIDE + LEFT
    known = {pair: n for pair, n in (moves or {}).items() if n > 0 and {*pair} <= {*place}}
    order = {step.id: at for at, step in enumerate(document.steps)}
    largest = _large(known, order)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        f' aria-label="{escape(document.name)}">',
        f"<style>{_STYLE}</style>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9"'
        ' markerUnits="userSpaceOnUse"'
        ' orient="auto"><path d="M0 0L8 4L0 8" /></marker></defs>',
        *(_arrow(pair, place, order, known) for pair in sorted(largest)),
        *_stage_names(document, place),
        *(_box(step, place[step.id]) for step in document.steps),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _large(moves: Mapping[tuple[str, str], int], order: Mapping[str, int]) -> list[tuple[str, str]]:
    """Return the moves that are a fair share of all moves out of their step."""
    out: dict[str, int] = {}
    for (step, _), count in moves.items():
        out[step] = out.get(step, 0) + count
    return [
        pair
        for pair, count in moves.items()
        if count
        >= out[pair[0]] * (FORWARD_SHARE if order[pair[1]] > order[pair[0]] else BACK_SHARE)
    ]


def _places(document: MapDocument) -> dict[str, tuple[int, int]]:
    """Return the upper left corner of each step: stages are columns, without stages each step is one."""
    columns = [*document.stages]
    rows: dict[str | None, int] = {}
    place = {}
    for at, step in enumerate(document.steps):
        column = columns.index(step.stage) if step.stage in columns else len(columns)
        if not columns:
            column, key = at, step.id
        else:
            key = step.stage if step.stage in columns else ""
        row = rows.get(key, 0)
        rows[key] = row + 1
        place[step.id] = (LEFT + column * (WIDE + ACROSS), TOP + row * (HIGH + DOWN))
    return place


def _stage_names(document: MapDocument, place: Mapping[str, tuple[int, int]]) -> list[str]:
    lefts: dict[str, int] = {}
    for step in document.steps:
        if step.stage is not None:
            lefts.setdefault(step.stage, place[step.id][0])
    return [
        f'<text class="stage" x="{x}" y="24">{escape(stage.upper())}</text>'
        for stage, x in lefts.items()
    ]


def _box(step: MapStep, corner: tuple[int, int]) -> str:
    x, y = corner
    assumed = ' class="assumed"' if step.rule is None else ""
    marks = [mark for mark, on in (("begins", step.entry), ("ends", step.leaving)) if on]
    name = step.name if len(step.name) <= 26 else step.name[:25] + "…"
    return (
        f"<g><title>{escape(step.name)}: {escape(step.rule or 'assumption')}</title>"
        f'<rect{assumed} x="{x}" y="{y}" width="{WIDE}" height="{HIGH}" rx="6" />'
        f'<text x="{x + 10}" y="{y + 26}">{escape(name)}</text>'
        f'<text class="n" x="{x + 10}" y="{y + 46}">{", ".join(marks)}</text></g>'
    )


def _arrow(
    pair: tuple[str, str],
    place: Mapping[str, tuple[int, int]],
    order: Mapping[str, int],
    moves: Mapping[tuple[str, str], int],
) -> str:
    """Return one move: forward from side to side, a loop over its own step, a return as an arc above."""
    (x, y), (u, v) = place[pair[0]], place[pair[1]]
    count = moves[pair]
    width = round(1 + log(1 + count) / log(1 + max(moves.values())) * 3, 1)
    back = order[pair[1]] <= order[pair[0]]
    if pair[0] == pair[1]:
        path = f"M{x + WIDE - 60} {y}c0 -30 40 -30 40 0"
        text = (x + WIDE - 40, y - 26)
    elif back and u < x:
        lift = min(y, v) - 20 - min(60, (x - u) // 12)
        path = f"M{x + 30} {y}C{x + 30} {lift} {u + WIDE - 30} {lift} {u + WIDE - 30} {v}"
        text = ((x + u + WIDE) // 2, (min(y, v) + 3 * lift) // 4)
    elif u == x:
        side = x if back else x + 20
        start, end = (y, v + HIGH) if back else (y + HIGH, v)
        bend = -26 if back else 0
        path = f"M{side + 8} {start}C{side + bend} {start} {side + bend} {end} {side + 8} {end}"
        text = (side + 12 + bend, (start + end) // 2 + 4)
    else:
        middle = (x + WIDE + u) // 2
        path = f"M{x + WIDE} {y + 32}C{middle} {y + 32} {middle} {v + 32} {u} {v + 32}"
        text = (middle - 12, (y + v) // 2 + 28)
    kind = ' class="back"' if back else ""
    return (
        f'<path{kind} d="{path}" stroke-width="{width}" marker-end="url(#tip)" />'
        f'<text class="n" x="{text[0]}" y="{text[1]}">{count}</text>'
    )

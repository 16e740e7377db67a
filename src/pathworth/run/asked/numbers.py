"""Numbers by their address, the text in which one answer's number can be copied: ``funnel?step=cart&cell=1``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, get_type_hints
from urllib.parse import parse_qs

from pathworth import measure
from pathworth.base.errors import UnknownName, WrongUsage
from pathworth.run.asked.questions import parameters, question
from pathworth.run.persons.pages import PeoplePage, page_of
from pathworth.run.selection import Selection
from pathworth.run.workspace import Workspace

_CHOOSE = ("where", "who", "from", "to", "persona", "of", "holding")


def number_at(workspace: Workspace, address: str) -> measure.Number:
    """Return the number that an address names.

    Parameters
    ----------
    address
        The question's word, then its parameters, the selection's and ``cell``, as the API takes them:
        ``lifecycle?period=week&who=plan = 'pro'&cell=2026-03-02T00:00:00Z new``.

    Raises
    ------
    WrongUsage
        ``NO_CELL`` without a cell, ``BAD_NUMBER`` where a parameter is no number.
    UnknownName
        ``UNKNOWN_QUESTION``, ``UNKNOWN_PARAMETER`` with near names.
    """
    word, _, rest = address.removeprefix("/api/measure/").partition("?")
    said = parse_qs(rest, keep_blank_values=False, encoding="utf-8")
    asks = {one.word: one for one in measure.ASKS}
    word = word.removesuffix("/people")
    if word not in asks:
        raise UnknownName.near("question", word, asks)
    if "cell" not in said:
        raise WrongUsage(
            "NO_CELL", "The address names no cell.", "Add &cell= as the answer writes it."
        )
    ask, cell, map_name = asks[word], said.pop("cell")[-1], said.pop("map", [None])[-1]
    chosen = {name: said.pop(name)[-1] for name in _CHOOSE if name in said}
    selection = Selection(
        **{"from_" if name == "from" else name: value for name, value in chosen.items()}
    )
    asked = question(workspace, ask, values=_values(ask, said), map_name=map_name)
    return measure.Number(workspace.select(selection, map_name=map_name), asked, cell)


def why_differ(workspace: Workspace, a: str, *, b: str) -> measure.WhyDiffer:
    """Explain why the numbers at two addresses differ."""
    return measure.why_differ(*_both(workspace, a, b), engine=workspace.engine)


def _both(workspace: Workspace, a: str, b: str) -> tuple[measure.Number, measure.Number]:
    """Return two numbers of one snapshot: what came in between them is no reason that anybody asked for."""
    one, other = number_at(workspace, a), number_at(workspace, b)
    same = replace(other.journeys, snapshot=one.journeys.snapshot)
    return one, replace(other, journeys=same)


def people_of_difference(
    workspace: Workspace, pair: tuple[str, str], *, cell: str, after: int = 0, limit: int = 50
) -> PeoplePage:
    """Return a page of the people of ``only a``, ``only b`` or ``both``.

    Raises
    ------
    UnknownName
        ``UNKNOWN_CELL`` for another word.
    """
    lists = ("only a", "only b", "both")
    if cell not in lists:
        raise UnknownName.near("cell", cell, lists)
    a, b = _both(workspace, *pair)
    found = measure.listed(a, b, which=cell, engine=workspace.engine)
    places = [(one.shard, one.entity) for one in found[after : after + limit]]
    return page_of(places, b.journeys.snapshot, count=len(found), after=after)


def reconcile(
    workspace: Workspace, number: str, *, outside: int | None = None, ids: Sequence[str] = ()
) -> measure.Reconciled:
    """Explain a number from elsewhere by ours at an address; see ``measure.reconcile``."""
    ours = number_at(workspace, number)
    return measure.reconcile(ours, outside, ids=ids, engine=workspace.engine)


def _values(ask: type[measure.Ask], said: dict[str, list[str]]) -> dict[str, Any]:
    """Return the parameters of a question with their types."""
    hints = get_type_hints(ask)
    names = {
        one.metadata["address"] or one.name.removesuffix("_"): one.name for one in parameters(ask)
    }
    values: dict[str, Any] = {}
    for name, texts in said.items():
        if name not in names:
            raise UnknownName.near("parameter", name, [*names, *_CHOOSE, "map", "cell"])
        values[names[name]] = _value(name, texts, hints[names[name]])
    return values


def _value(name: str, texts: list[str], hint: Any) -> Any:
    if getattr(hint, "__origin__", None) is tuple:
        return tuple(texts)
    if hint is bool:
        return texts[-1].lower() in {"1", "true", "yes"}
    if hint is int or hint == int | None:
        try:
            return int(texts[-1])
        except ValueError as error:
            raise WrongUsage(
                "BAD_NUMBER",
                f"{name} is {texts[-1]!r}, which is no whole number.",
                "Write digits only.",
            ) from error
    return texts[-1]

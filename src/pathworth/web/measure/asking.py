"""Addresses of the questions in measure's table, made from their parameters: answer, comparison and people."""

from __future__ import annotations

import inspect
from typing import Annotated, Any, Literal, get_type_hints

from fastapi import APIRouter, Query, Response

from pathworth import measure, run
from pathworth.web.answers import answer
from pathworth.web.journeys_routes import as_csv
from pathworth.web.schemas import After, model_of
from pathworth.web.selection import AskAgainst, AskUnits

AskType = type[measure.Ask]
EVERYBODY = 1_000_000_000
NEEDED = inspect.Parameter.empty
_PAGE = {
    "cell": (Annotated[str, Query(description="A cell as the answer writes it.")], NEEDED),
    "after": (After, 0),
    "limit": (Annotated[int, Query(ge=1, le=1000)], 50),
    "format": (Literal["json", "csv"], "json"),
}


def routes_of(asks: tuple[AskType, ...]) -> APIRouter:
    """Return the routes of some questions."""
    router = APIRouter(prefix="/measure", tags=["measure"])
    for ask in asks:
        path = f"/{ask.word}"
        _add(router, path, _answer(ask), _returned(ask.answer))
        if issubclass(ask, measure.Compares):
            _add(router, f"{path}/diff", _difference(ask), _returned(ask.differ))
        _add(router, f"{path}/people", _people(ask), model_of(run.PeoplePage))
        if issubclass(ask, measure.ComparesPeople):
            _add(router, f"{path}/diff/people", _people_of_both(ask), model_of(run.PeoplePage))
    return router


def _add(router: APIRouter, path: str, route: Any, model: type) -> None:
    router.add_api_route(path, route, response_model=model, description=route.__doc__)


def _answer(ask: AskType) -> Any:
    def route(asked: Any, **values: Any) -> Response:
        workspace, chosen = asked.workspace, asked.map
        question = run.question(workspace, ask, values=values, map_name=chosen)
        return answer(
            run.answer_of(workspace, question, selection=asked.selection, map_name=chosen)
        )

    return _signed(route, ask, {"asked": (AskUnits, NEEDED)})


def _difference(ask: AskType) -> Any:
    def route(asked: Any, other: Any, **values: Any) -> Response:
        workspace, chosen = asked.workspace, asked.map
        question: Any = run.question(workspace, ask, values=values, map_name=chosen)
        pair = asked.selection, other.selection
        return answer(run.difference_of(workspace, question, pair=pair, map_name=chosen))

    return _signed(route, ask, {"asked": (AskUnits, NEEDED), "other": (AskAgainst, NEEDED)})


def _people(ask: AskType) -> Any:
    def route(asked: Any, **values: Any) -> Response:
        return _listed(ask, asked, values, against=None)

    return _signed(route, ask, {"asked": (AskUnits, NEEDED), **_PAGE})


def _people_of_both(ask: AskType) -> Any:
    def route(asked: Any, other: Any, **values: Any) -> Response:
        return _listed(ask, asked, values, against=other.selection)

    return _signed(
        route, ask, {"asked": (AskUnits, NEEDED), "other": (AskAgainst, NEEDED), **_PAGE}
    )


def _listed(
    ask: AskType, asked: Any, values: dict[str, Any], *, against: run.Selection | None
) -> Response:
    """Return a page of people, or all of them as CSV."""
    cell, after, limit, format_ = (values.pop(name) for name in _PAGE)
    workspace, chosen = asked.workspace, asked.map
    every = format_ == "csv"
    page = run.people_of_cell(
        workspace,
        run.question(workspace, ask, values=values, map_name=chosen),
        cell=cell,
        selection=asked.selection,
        against=against,
        map_name=chosen,
        after=0 if every else after,
        limit=EVERYBODY if every else limit,
    )
    return as_csv(page) if every else answer(page)


def _returned(method: Any) -> type:
    """Return the model of what a method returns."""
    return model_of(get_type_hints(method)["return"])


def _signed(route: Any, ask: AskType, own: dict[str, tuple[Any, Any]]) -> Any:
    """Give a route the parameters of its question, so that requests are read and described by them."""
    hints = get_type_hints(ask)
    asked = {
        one.name: (_read_as(hints[one.name], one.name, one.metadata), _default(one.default))
        for one in run.parameters(ask)
    }
    kind = inspect.Parameter.KEYWORD_ONLY
    route.__signature__ = inspect.Signature(
        [
            inspect.Parameter(name, kind, annotation=hint, default=value)
            for name, (hint, value) in {**own, **asked}.items()
        ]
    )
    route.__name__ = f"{ask.word}{route.__qualname__.split('.')[0]}"
    route.__doc__ = inspect.getdoc(ask)
    return route


def _read_as(hint: Any, name: str, metadata: Any) -> Any:
    """Return how a parameter is read from an address; several values are given by repeating it."""
    plain = list[str] | None if _many(hint) else hint
    if metadata["kind"] == "step":
        plain = str | None
    if metadata["kind"] == "pattern":
        plain = str
    alias = metadata["address"] or name.removesuffix("_")
    return Annotated[plain, Query(alias=alias, description=metadata["says"])]


def _default(value: Any) -> Any:
    return None if value == () else value


def _many(hint: Any) -> bool:
    return getattr(hint, "__origin__", None) is tuple

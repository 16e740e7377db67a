"""Programs, decisions, channels and consent under the API, and the public pages that links in messages lead to."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from pathworth import act, run
from pathworth.web.answers import answer
from pathworth.web.door import me_of
from pathworth.web.schemas import RowNumber, model_of

router = APIRouter(prefix="/act", tags=["act"])
public = APIRouter(include_in_schema=False)

Lines = model_of(run.ProgramLine)
View = model_of(run.ProgramView)
Row = model_of(run.FeedRow)
Day = model_of(run.CalendarDay)
Settings = model_of(run.ActSettings)
AskSeen = model_of(run.AskView)
Finding = model_of(act.ProgramFinding)
Explained = model_of(act.Explanation)


class ProgramSaid(BaseModel):
    """A program as its document: as keys and values, or as the text of a file."""

    program: dict[str, Any] | None = None
    text: str | None = None


class Drafted(BaseModel):
    """The step of the map that a program is drafted from."""

    map: str
    step: str


class Stopped(BaseModel):
    """Why a program is stopped."""

    why: str = ""


class Tried(BaseModel):
    """A program that is tried on a person, or on a period of history."""

    program: dict[str, Any]
    person: str = ""
    address: str = ""
    from_: str | None = None
    to: str | None = None


class Settled(BaseModel):
    """What a person decided about a message of unknown fate."""

    again: bool


class Answered(BaseModel):
    """What a person answered to a purpose on a channel, and how one knows."""

    person: str
    channel: Literal["email", "webhook"]
    purpose: str
    given: bool
    proof: str


class Rested(BaseModel):
    """A person who is left in peace; null for good."""

    why: str
    days: int | None = Field(default=None, ge=1, le=36_500)


class AskSaid(BaseModel):
    """A question or message on pages, as its document."""

    ask: dict[str, Any]


def _program(said: ProgramSaid) -> act.Program:
    return act.load_program(said.text) if said.text is not None else act.program_of(said.program)


@router.get("/programs", response_model=list[Lines])  # type: ignore[valid-type]
def programs(request: Request) -> Response:
    """Every program, running ones first, with how its decisions ended."""
    return answer(run.act_programs(request.app.state.workspace))


@router.post("/programs/draft", response_model=model_of(act.Program))
def draft(request: Request, said: Drafted) -> Response:
    """A sensible program for a step of the map; nothing is kept."""
    return answer(act.draft_program(request.app.state.workspace.store, said.map, step=said.step))


@router.post("/programs/check", response_model=list[Finding])  # type: ignore[valid-type]
def check(request: Request, said: ProgramSaid) -> Response:
    """What is wrong with a program; nothing is kept."""
    return answer(act.check(request.app.state.workspace.store, _program(said)))


@router.post("/programs/preview", response_model=model_of(act.Preview))
def preview(request: Request, said: Tried) -> Response:
    """The message as one person would get it."""
    given = act.program_of(said.program)
    return answer(act.preview(request.app.state.workspace.store, given, entity=said.person))


@router.post("/programs/test", response_model=model_of(act.Outcome))
def test(request: Request, said: Tried) -> Response:
    """Send the message as one person would get it to an address of one's own."""
    given = act.program_of(said.program)
    workspace = request.app.state.workspace.store
    found = act.send_test(workspace, given, entity=said.person, address=said.address)
    return answer(found)


@router.post("/programs/rehearse", response_model=model_of(act.Rehearsal))
def rehearse(request: Request, said: Tried) -> Response:
    """What a program would have decided on real history; nothing is written."""
    given = act.program_of(said.program)
    workspace = request.app.state.workspace
    return answer(run.rehearse(workspace, given, from_=said.from_, to=said.to))


@router.get("/programs/{program}", response_model=View)
def program(request: Request, program: str) -> Response:
    """One program with its document, what is wrong with it, and its decisions."""
    return answer(run.act_program(request.app.state.workspace, program))


@router.put("/programs/{program}", response_model=View)
def save(request: Request, program: str, said: ProgramSaid) -> Response:
    """Keep a program as its next revision; its id is the address's."""
    workspace = request.app.state.workspace
    given = replace(_program(said), id=program)
    kept = act.save_program(workspace.store, given, author=me_of(request).name or "")
    return answer(run.act_program(workspace, kept.program.id))


@router.post("/programs/{program}/start", response_model=View)
def start(request: Request, program: str) -> Response:
    """Let a program run from now on."""
    workspace = request.app.state.workspace
    act.start_program(workspace.store, program)
    return answer(run.act_program(workspace, program))


@router.post("/programs/{program}/stop", response_model=View)
def stop(request: Request, program: str, said: Stopped) -> Response:
    """Stop a program."""
    workspace = request.app.state.workspace
    act.stop_program(workspace.store, program, why=said.why)
    return answer(run.act_program(workspace, program))


@router.get("/asks", response_model=list[AskSeen])  # type: ignore[valid-type]
def asks(request: Request) -> Response:
    """Every question and message on pages with what came of it, those that run first."""
    return answer(run.ask_views(request.app.state.workspace))


@router.post("/asks/check", response_model=list[Finding])  # type: ignore[valid-type]
def check_ask(request: Request, said: AskSaid) -> Response:
    """What is wrong with a question or message; nothing is kept."""
    return answer(act.faults_of_ask(request.app.state.workspace.store, act.ask_of(said.ask)))


@router.get("/asks/{ask}", response_model=AskSeen)
def ask(request: Request, ask: str) -> Response:
    """One question or message with what is wrong with it and what was answered."""
    return answer(run.ask_view(request.app.state.workspace, ask))


@router.put("/asks/{ask}", response_model=AskSeen)
def save_ask(request: Request, ask: str, said: AskSaid) -> Response:
    """Keep a question or message as its next revision; its id is the address's."""
    workspace = request.app.state.workspace
    given = act.ask_of({**said.ask, "id": ask})
    act.save_ask(workspace.store, given, author=me_of(request).name or "")
    return answer(run.ask_view(workspace, ask))


@router.post("/asks/{ask}/start", response_model=AskSeen)
def start_ask(request: Request, ask: str) -> Response:
    """Show it from now on."""
    workspace = request.app.state.workspace
    act.start_ask(workspace.store, ask)
    return answer(run.ask_view(workspace, ask))


@router.post("/asks/{ask}/stop", response_model=AskSeen)
def stop_ask(request: Request, ask: str, said: Stopped) -> Response:
    """Show it no more; its answers stay."""
    workspace = request.app.state.workspace
    act.stop_ask(workspace.store, ask, why=said.why)
    return answer(run.ask_view(workspace, ask))


@router.get("/decisions", response_model=list[Row])  # type: ignore[valid-type]
def decisions(
    request: Request,
    program: str | None = None,
    person: str | None = None,
    state: str | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Response:
    """The newest decisions in words."""
    workspace = request.app.state.workspace
    found = run.decisions(workspace, program=program, person=person, state=state, limit=limit)
    return answer(found)


@router.get("/unknown", response_model=list[Row])  # type: ignore[valid-type]
def unknown(request: Request) -> Response:
    """Messages of unknown fate that nobody settled."""
    return answer(run.unknown_messages(request.app.state.workspace))


@router.post("/decisions/{row}/settle", response_model=Row)
def settle(request: Request, row: RowNumber, said: Settled) -> Response:
    """Send a message of unknown fate again, or leave it as it is."""
    by = me_of(request).name or "a person"
    return answer(run.settle_unknown(request.app.state.workspace, row, again=said.again, by=by))


@router.get("/calendar", response_model=list[Day])  # type: ignore[valid-type]
def calendar(request: Request, days_back: Annotated[int, Query(ge=1, le=366)] = 14) -> Response:
    """What left, what was kept back and what is still to come, by day and program."""
    return answer(run.calendar(request.app.state.workspace, days_back=days_back))


@router.get("/why/{person:path}", response_model=list[Explained])  # type: ignore[valid-type]
def why(request: Request, person: str, program: str | None = None) -> Response:
    """Why a person did or did not get something."""
    return answer(run.why(request.app.state.workspace, person, program=program))


@router.get("/settings", response_model=Settings)
def settings(request: Request) -> Response:
    """How messages leave, and who agreed to what."""
    return answer(run.act_settings(request.app.state.workspace))


@router.put("/settings/channels", response_model=Settings)
def keep_channels(request: Request, said: model_of(act.Channels)) -> Response:  # type: ignore[valid-type]
    """Keep how messages leave; a secret given as `kept` stays as it is."""
    workspace = request.app.state.workspace
    act.keep_channels(workspace.store, act.channels_of(said.model_dump()))
    return answer(run.act_settings(workspace))


@router.post("/consents", response_model=list[Explained])  # type: ignore[valid-type]
def consent(request: Request, said: Answered) -> Response:
    """Write down what a person answered, and how one knows."""
    workspace = request.app.state.workspace
    chosen = act.give_consent if said.given else act.withdraw_consent
    chosen(
        workspace.store, said.person, channel=said.channel, purpose=said.purpose, proof=said.proof
    )
    return answer(run.why(workspace, said.person))


@router.post("/rest/{person:path}", response_model=list[Explained])  # type: ignore[valid-type]
def rest(request: Request, person: str, said: Rested) -> Response:
    """Leave a person in peace, for so many days or for good."""
    workspace = request.app.state.workspace
    run.let_rest(workspace, person, why=said.why, days=said.days)
    return answer(run.why(workspace, person))


@router.delete("/rest/{person:path}", response_model=list[Explained])  # type: ignore[valid-type]
def end_rest(request: Request, person: str) -> Response:
    """End a person's rest."""
    workspace = request.app.state.workspace
    act.end_rest(workspace.store, person)
    return answer(run.why(workspace, person))


@public.get("/unsubscribe/{token}")
def ask_unsubscribe(request: Request, token: str) -> HTMLResponse:
    """Ask whether to withdraw consent; nothing changes by looking, since machines follow links."""
    _, program = act.link_of(request.app.state.workspace.store, token)
    body = (
        f"<h1>No more {escape(program.purpose)}?</h1>"
        f"<p>You get no more messages for {escape(program.purpose)} by {escape(program.channel)}.</p>"
        f'<form method="post" action="/unsubscribe/{escape(token)}"><button>Stop them</button></form>'
    )
    return _page("Unsubscribe", body)


@public.post("/unsubscribe/{token}")
def unsubscribe(request: Request, token: str) -> HTMLResponse:
    """Withdraw consent, by a person or by their mail program (RFC 8058)."""
    program = act.unsubscribe(request.app.state.workspace.store, token)
    body = (
        f"<h1>Done</h1><p>No more messages for {escape(program.purpose)} by "
        f"{escape(program.channel)} will be sent to you, from now on.</p>"
    )
    return _page("Unsubscribed", body)


@public.get("/why/{token}")
def why_this(request: Request, token: str) -> HTMLResponse:
    """Tell a person why they got a message, from the row that decided it."""
    found = act.why_for_person(request.app.state.workspace.store, token)
    used = "".join(f"<li>{escape(k)}: {escape(v)}</li>" for k, v in found.used)
    stop = (
        "<p>You have stopped these messages.</p>"
        if found.unsubscribed
        else f'<p><a href="/unsubscribe/{escape(token)}">Stop these messages</a></p>'
    )
    body = (
        f"<h1>Why you get this</h1><p>{escape(found.sentence)} {escape(found.because)}</p>"
        f"<p>{escape(found.consent)}</p>"
        + (f"<p>The message uses what is known of you:</p><ul>{used}</ul>" if used else "")
        + stop
    )
    return _page("Why you get this", body)


def _page(title: str, body: str) -> HTMLResponse:
    style = (
        "body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1rem;"
        "color:#1b1f24;background:#fff}button{font:inherit;padding:.5rem 1rem}"
        "@media(prefers-color-scheme:dark){body{color:#e8eaed;background:#15181c}a{color:#9ec1ff}}"
    )
    text = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="robots" content="noindex"><style>{style}</style></head>'
        f"<body><main>{body}</main></body></html>"
    )
    return HTMLResponse(text)

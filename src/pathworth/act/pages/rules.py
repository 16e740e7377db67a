"""What may be wrong with a question or message on a page: small named checks, each with its code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from pathworth.act.contracts import ProgramFinding
from pathworth.act.pages.contracts import PageAsk
from pathworth.act.pages.told import on_page
from pathworth.atlas import MapDocument
from pathworth.base.durations import to_us
from pathworth.base.errors import UnknownName, WrongUsage

LONGEST_TEXT, MOST_CHOICES = 300, 8
Findings = Iterator[ProgramFinding]


def check_ask(ask: PageAsk, maps: Mapping[str, MapDocument]) -> tuple[ProgramFinding, ...]:
    """Return what is wrong with a question or message, errors first."""
    found = [*bad_ask_id(ask), *_words(ask), *_whom(ask), *_where(ask, maps), *_end(ask)]
    return tuple(sorted(found, key=lambda one: one.level != "error"))


def bad_ask_id(ask: PageAsk) -> Findings:
    """BAD_ASK_ID, NO_ASK_NAME: a short word that stays, and a name that people read."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,62}", ask.id):
        why = f"{ask.id!r} is no id of a question or message."
        yield _error("BAD_ASK_ID", "id", why, "Use lower case, digits and hyphens.")
    if not ask.name.strip():
        yield _error("NO_ASK_NAME", "name", "It has no name.", "Give it one.")


def _words(ask: PageAsk) -> Findings:
    """BAD_ASK_TEXT, BAD_CHOICES, BAD_LINK: something to read, two answers at least, a link that leads to a page."""
    if not 0 < len(ask.text.strip()) <= LONGEST_TEXT:
        why = "It says nothing." if not ask.text.strip() else f"It has {len(ask.text)} characters."
        hint = f"Write one sentence of at most {LONGEST_TEXT} characters."
        yield _error("BAD_ASK_TEXT", "text", why, hint)
    if ask.kind == "question" and ask.answers == "choices":
        chosen = [one.strip() for one in ask.choices]
        if not 2 <= len(set(chosen)) == len(chosen) <= MOST_CHOICES or not all(chosen):
            why = f"{len(chosen)} choices cannot be told apart or are no choice."
            hint = f"Write 2 to {MOST_CHOICES} different ones."
            yield _error("BAD_CHOICES", "choices", why, hint)
    if ask.link is not None and not re.match(r"(https?://|/|#|\?)", ask.link):
        why = f"{ask.link!r} leads to no page."
        yield _error("BAD_LINK", "link", why, "Write https://, or a path of the site: /prices.")


def _whom(ask: PageAsk) -> Findings:
    """BAD_SAMPLE, BAD_DURATION, BAD_PAGE: shares of somebody, waits, and a path."""
    if not 0 < ask.share <= 1:
        why = f"A share of {ask.share:g} of the browsers sees nothing, or more than all."
        yield _error("BAD_SAMPLE", "share", why, "Write 0.1 for one in ten, 1 for all.")
    try:
        to_us(ask.wait)
    except WrongUsage as error:
        yield _error(error.code, "wait", error.message, error.hint)
    if not re.match(r"[*/]", ask.page):
        why = f"{ask.page!r} is no path of a page."
        yield _error("BAD_PAGE", "page", why, "Write /prices, /docs/* or *.")


def _where(ask: PageAsk, maps: Mapping[str, MapDocument]) -> Findings:
    """UNKNOWN_MAP, UNKNOWN_STEP, STEP_NOT_ON_PAGE: a step that a page can see by itself."""
    if ask.step is None:
        return
    document = maps.get(ask.map or "")
    if document is None:
        near = UnknownName.near("map", ask.map or "", maps)
        yield _error("UNKNOWN_MAP", "map", near.message, near.hint)
        return
    step = next((one for one in document.steps if one.id == ask.step), None)
    if step is None:
        near = UnknownName.near("step", ask.step, [one.id for one in document.steps])
        yield _error("UNKNOWN_STEP", "step", near.message, near.hint)
    elif step.rule is None or on_page(step.rule) is None:
        why = f"A page alone cannot see who takes {step.name}."
        hint = "Choose a step whose rule names events, and texts that they say; or a path."
        yield _error("STEP_NOT_ON_PAGE", "step", why, hint)


def _end(ask: PageAsk) -> Findings:
    """BAD_ENOUGH, BAD_DATE, NO_END: a number, a day, and one of the two."""
    if ask.enough is not None and ask.enough < 1:
        yield _error("BAD_ENOUGH", "enough", f"{ask.enough} is no end.", "Write 1 or more.")
    if ask.until is not None:
        try:
            date.fromisoformat(ask.until)
        except ValueError:
            why = f"{ask.until!r} is no day."
            yield _error("BAD_DATE", "until", why, "Write a day as 2026-09-27.")
    if ask.enough is None and ask.until is None:
        why = "Nothing ends it but a person."
        yield ProgramFinding("NO_END", "warning", "enough", why, "Say how many, or until when.")


def _error(code: str, where: str, message: str, hint: str) -> ProgramFinding:
    return ProgramFinding(code, "error", where, message, hint)

"""The interviews: eighteen texts around one sentence each, with what else was planted in them."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from pathworth.learn.company.parameters import Company


@cache
def content() -> dict[str, Any]:
    """Return the answers and interviews that texts are made of."""
    return tomllib.loads((Path(__file__).parent / "interviews.toml").read_text(encoding="utf-8"))


def interviews(company: Company) -> dict[str, str]:
    """Return every interview by the name of its file."""
    return {
        f"w{one['week']:02d}-{one['outcome']}-{one['persona'].replace('_', '-')}.md": _text(
            company, one
        )
        for one in content()["interview"]
    }


def _text(company: Company, one: dict[str, Any]) -> str:
    held = content()
    day = company.first_day + timedelta(weeks=one["week"] - 1, days=one["week"] % 2)
    role = company.persona[one["persona"]].job_title
    lines = [
        f"# Interview, {day.isoformat()}",
        f"- outcome: {one['outcome']}",
        f"- role: {role}",
        f"- length: {one['minutes']} minutes",
        "- consent: recorded and kept with the person's agreement",
    ]
    for place, (field, question) in enumerate(held["questions"].items()):
        lines += ["", f"**{question}**"]
        lines += _answers(one, field, place=place)
    mentions = [held["mentions"][name] for name in one["mentions"]]
    return "\n".join([*lines, "", "**Anything else?**", *mentions, ""])


def _answers(one: dict[str, Any], field: str, *, place: int) -> list[str]:
    """Return what is said to a question; the sentence that matters stands behind the second one."""
    held = content()
    if field == "pricing":
        said = [held["pricing"][one["pricing"]]]
    else:
        known = held["answers"][one["persona"]][field]
        # Another order for every interview, so that no two say the same in the same way.
        turn = (one["week"] + place) % len(known)
        said = [known[turn], known[(turn + 1) % len(known)]]
    return [*said, one["said"]] if one["after"] == field else said

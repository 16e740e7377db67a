"""Consent per channel and purpose with its proof, mutes, and letting somebody rest."""

from __future__ import annotations

from collections.abc import Iterable

from pathworth.act.deciding.guardrail import mind
from pathworth.act.programs import now, program, programs
from pathworth.base.durations import to_us
from pathworth.base.errors import WrongUsage
from pathworth.store import Consent, Consents, Ledger, MuteNote, Rest, Workspace


def give_consent(
    workspace: Workspace,
    entity: str,
    *,
    channel: str,
    purpose: str,
    proof: str,
    now_us: int | None = None,
) -> None:
    """Write down that a person agreed, and how one knows.

    Raises
    ------
    WrongUsage
        ``NO_PROOF`` when nothing says how one knows.
    """
    _check_proof(proof)
    at_us = now() if now_us is None else now_us
    Consents(workspace).add([Consent(entity, channel, purpose, True, at_us, proof)])  # noqa: FBT003


def give_consents(workspace: Workspace, answers: Iterable[Consent]) -> int:
    """Write down many answers, for example a list that was imported; return how many."""
    rows = tuple(answers)
    for one in rows:
        _check_proof(one.proof)
    Consents(workspace).add(rows)
    return len(rows)


def withdraw_consent(
    workspace: Workspace,
    entity: str,
    *,
    channel: str,
    purpose: str,
    proof: str = "They said so.",
    now_us: int | None = None,
) -> None:
    """Write down that a person does not agree any more; nothing that has not left yet will."""
    at_us = now() if now_us is None else now_us
    Consents(workspace).add([Consent(entity, channel, purpose, False, at_us, proof)])  # noqa: FBT003


def mute(
    workspace: Workspace, entity: str, *, program_id: str | None = None, now_us: int | None = None
) -> tuple[str, ...]:
    """Count a mute against the newest send of a program (of each, unless said) and mind the guardrails.

    Returns
    -------
    The programs that it was counted against.
    """
    at_us = now() if now_us is None else now_us
    chosen = programs(workspace) if program_id is None else (program(workspace, program_id),)
    counted = []
    for one in chosen:
        rail = one.program.guardrail
        if rail is None:
            continue
        note = MuteNote(entity, one.program.id, at_us, to_us(rail.within))
        if Ledger(workspace).mute(note):
            counted.append(one.program.id)
            mind(workspace, one.program.id, now_us=at_us)
    return tuple(counted)


def let_rest(
    workspace: Workspace,
    entity: str,
    *,
    why: str,
    until_us: int | None = None,
    now_us: int | None = None,
) -> None:
    """Leave a person in peace, until an instant or for good."""
    at_us = now() if now_us is None else now_us
    Consents(workspace).rest(Rest(entity, until_us, why, at_us))


def end_rest(workspace: Workspace, entity: str) -> None:
    """End a person's rest."""
    Consents(workspace).end_rest(entity)


def _check_proof(proof: str) -> None:
    if not proof.strip():
        raise WrongUsage(
            "NO_PROOF",
            "Nothing says how one knows of this consent.",
            "Say where and how they agreed.",
        )

"""Stops a program when more people mute than it may cost, with a bound that holds however often one looks.

Sends are a sequence of yes or no: muted or not. For a share p above the limit q the likelihood ratio of p against q
is, whatever the true share up to q, a supermartingale that begins at 1; so is a mixture of such ratios. By Ville's
inequality it ever reaches 1/error with a chance of at most ``error`` (Ville 1939; Howard, Ramdas et al. 2021). A mute
that is still to come counts as none, which only lowers the evidence, so late mutes never stop a program wrongly.
"""

from __future__ import annotations

from math import exp, inf, log

from pathworth.act.programs import program, stop_program
from pathworth.store import Ledger, Workspace

_TIMES = (1.25, 1.5, 2.0, 3.0, 4.0, 6.0, 10.0)


def evidence(sends: int, mutes: int, *, limit: float) -> float:
    """Return how strongly so many mutes speak for a share above the limit: stop at 1 / error.

    Parameters
    ----------
    sends, mutes
        Messages that left, and how many of them were muted.
    limit
        The share that may be.
    """
    if limit <= 0:
        return inf if mutes else 1.0
    shares = [limit * times for times in _TIMES if limit * times < 1]
    if not shares:
        return 1.0
    logs = [mutes * log(p / limit) + (sends - mutes) * log((1 - p) / (1 - limit)) for p in shares]
    return sum(exp(min(one, 700.0)) for one in logs) / len(shares)


def mind(workspace: Workspace, id_: str, *, now_us: int) -> bool:
    """Stop a program whose mutes speak against it; return whether it was stopped."""
    kept = program(workspace, id_)
    guardrail, started = kept.program.guardrail, kept.record.started_us
    if guardrail is None or started is None or kept.record.state != "running":
        return False
    sends, mutes = Ledger(workspace).sends_and_mutes(id_, since_us=started)
    sends = max(sends, mutes)
    if evidence(sends, mutes, limit=guardrail.mutes_per_send) < 1 / guardrail.error:
        return False
    why = (
        f"Its guardrail stopped it: {mutes} of {sends} sends were muted, "
        f"more than {guardrail.mutes_per_send:.2%} can explain."
    )
    stop_program(workspace, id_, why=why, now_us=now_us)
    return True

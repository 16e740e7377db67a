"""The words of findings: plain sentences made from the data's own names, with numbers that do not pretend."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

DIGITS = 2


def about(number: float) -> float:
    """Round a number to the two significant digits that the face shows."""
    if not math.isfinite(number) or number == 0:
        return 0.0
    return round(number, DIGITS - 1 - math.floor(math.log10(abs(number))))


def money(amount: float, currency: str) -> str:
    """Write an amount with its currency's code; what is under 100 keeps the digits that it has."""
    return f"{currency} {plain(amount)}".strip()


def plain(number: float) -> str:
    """Write a number with thousands separated and no more decimals than it needs."""
    return f"{number:,.0f}" if abs(number) >= 10 or number == int(number) else f"{number:,.2g}"


def in_hundred(share: float) -> str:
    """Write a share as a count in a hundred people."""
    hundredths = 100 * share
    return f"{hundredths:.0f}" if hundredths >= 1 or hundredths == 0 else f"{hundredths:.1g}"


def of_people(prop: str, value: str) -> str:
    """Name a group of people by one property of theirs."""
    return f"people whose {prop.replace('_', ' ')} is {quoted(value)}"


def quoted(name: str) -> str:
    """Mark a name that comes from the data, so that it reads as a name inside a sentence."""
    return f"\N{LEFT DOUBLE QUOTATION MARK}{name}\N{RIGHT DOUBLE QUOTATION MARK}"


def points(number: float) -> str:
    """Write percentage points, whole unless there is less than one."""
    return f"{number:.0f}" if abs(number) >= 1 else f"{number:.1f}"


def duration(seconds: float) -> str:
    """Write a length of time in its largest fitting unit."""
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 1.5 * size:
            return f"{plain(about(seconds / size))} {unit}"
    return f"{plain(about(max(seconds, 1.0)))} seconds"


@dataclass(frozen=True)
class Finding:
    """What a sentence about a group needs: where, which way, who, and both rates."""

    step: str
    to: str | None
    prop: str
    value: str
    own: float
    like: float
    times_longer: float | None = None
    window: bool = False

    @property
    def people(self) -> str:
        """Name the group."""
        if self.window:
            return f"people who come during {self.prop} or just before"
        return of_people(self.prop, self.value)

    @property
    def others(self) -> str:
        """Name those who are like them."""
        return "of comparable people at other times" if self.window else "of comparable people"


def title(finding: Finding) -> str:
    """Say what to do: verb, object, who."""
    if finding.times_longer is not None and finding.to is not None:
        return f"Shorten the way from {finding.step} to {finding.to} for {finding.people}."
    verb = "Ease" if finding.window else "Mend"
    return f"{verb} {finding.step} for {finding.people}."


def because(finding: Finding, *, recoverable: float, gap: float) -> str:
    """Say why: a count, a comparison, and how much of the gap looks recoverable."""
    own, like = in_hundred(finding.own), in_hundred(finding.like)
    where = f"go on to {finding.to}" if finding.to is not None else "leave"
    who = finding.people
    text = f"{own} in 100 of {who} {where}, {like} in 100 {finding.others}"
    if finding.times_longer is not None:
        text += f", and those who do need about {plain(about(finding.times_longer))} times as long"
    return f"{text}; {points(recoverable)} of the {points(gap)} points look recoverable."


def mismatch_title(finding: Finding) -> str:
    """Name what looks structural, to be confirmed."""
    return f"Looks structural, confirm: {finding.step} leads nowhere for {finding.people}."


def mismatch_because(finding: Finding, *, declared: bool) -> str:
    """Say why no message can fix it."""
    said = "Declared on the map: " if declared else ""
    return (
        f"{said}{in_hundred(finding.own)} in 100 of {finding.people} go on to {finding.to}, "
        f"{in_hundred(finding.like)} in 100 of comparable people. No message can fix this."
    )


def slug(*names: str) -> str:
    """Return a stable id from names."""
    parts = [re.sub(r"[^\w]+", "-", name.lower()).strip("-") for name in names]
    return ".".join(part for part in parts if part)


@dataclass(frozen=True)
class Harmless:
    """What a sentence about something harmless needs; money is written out already."""

    step: str
    who: str
    share: float
    raw: str
    gone: str
    left: str


def same_title(looks: Harmless, *, event: bool) -> str:
    """Say what looks bad, with its number."""
    if event:
        share = in_hundred(looks.share)
        return f"{share} in 100 visits of {looks.step} come with {looks.who}, and seem to cost {looks.raw} a month."
    return (
        f"{looks.who[0].upper()}{looks.who[1:]} seem to cost {looks.raw} a month at {looks.step}."
    )


def same_because(looks: Harmless) -> str:
    """Say why it does not matter: the same people have the same outcome."""
    return (
        f"Like compared with like, about {looks.gone} of {looks.raw} disappears; "
        f"at most {looks.left} a month is left."
    )


def same_again(looks: Harmless) -> str:
    """Say what would change this."""
    return f"Look again if more than {looks.left} a month stays when like is compared with like."


def back_title(step: str, event: str, *, share: float) -> str:
    """Say what looks bad, with its number."""
    return f"{in_hundred(share)} in 100 visits of {step} with {quoted(event)} end there."


def back_because(own: float, others: float) -> str:
    """Say why it does not matter: they come back."""
    return (
        f"{in_hundred(own)} in 100 are back within two weeks, {in_hundred(others)} in 100 after other visits, "
        "and go on as before."
    )


def back_again(own: float) -> str:
    """Say what would change this."""
    return f"Look again if fewer than {in_hundred(max(0.0, own - 0.1))} in 100 return."

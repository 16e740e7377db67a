"""The parameters of messages: what programs may send, what it does, who agreed to it, and what too much does."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pathworth.base.errors import UnknownName
from pathworth.learn.company.parameters import HOME, shaped

PLACE = HOME / "interventions.toml"


@dataclass(frozen=True)
class Fatigue:
    """How contacts add up in a person, and what they do."""

    memory_days: float
    age_step_days: float
    baseline_every_days: float
    mute_base: float
    mute_square: float
    cancel_slope: float
    cancel_from: float
    response: float


@dataclass(frozen=True)
class OwnMail:
    """The company's own digest and notices: whom they go to, and how soon they are answered."""

    after_days: float
    highest_fatigue: float
    mutes_hours: float


@dataclass(frozen=True)
class Reading:
    """Who opens what is sent, and when; eager are those whose journey reaches first value, and payers."""

    opens_eager: float
    opens_other: float
    opens_hours: float
    opens_sigma: float
    clicks: float
    clicks_minutes: float
    mutes_hours: float


@dataclass(frozen=True)
class ConsentShares:
    """Which share agrees to what, and which share takes it back in a year."""

    marketing: float
    marketing_by_country: Mapping[str, float]
    product: float
    in_app: float
    withdrawn_a_year: float


@dataclass(frozen=True)
class Intervention:
    """One kind of message: where it goes and what it does to those it reaches.

    ``weight`` is what one contact adds to fatigue; ``outcome`` the one by which it is judged; ``repairs`` the switch
    of a friction that it removes; a ``roles`` above 0 says how many roles in a first session with colleagues call for
    it; ``every_days`` is 0 when it is sent once.
    """

    id: str
    kind: str
    title: str
    weeks: tuple[int, int]
    channel: str
    purpose: str
    weight: float
    outcome: str
    horizon_days: int
    wait_hours: float = 0.0
    repairs: str = ""
    roles: int = 0
    upgrade_odds: float = 1.0
    odds_days: float = 0.0
    every_days: int = 0


@dataclass(frozen=True)
class Interventions:
    """Every parameter of messages."""

    first_week: int
    fatigue: Fatigue
    own_mail: OwnMail
    reading: Reading
    consent: ConsentShares
    intervention: tuple[Intervention, ...]

    def kind(self, name: str) -> Intervention:
        """Return the intervention of one kind.

        Raises
        ------
        UnknownName
            ``UNKNOWN_INTERVENTION``.
        """
        for one in self.intervention:
            if one.kind == name:
                return one
        raise UnknownName.near("intervention", name, [one.kind for one in self.intervention])


def load_interventions(path: Path = PLACE) -> Interventions:
    """Read the parameters of messages.

    Raises
    ------
    BadInput
        ``COMPANY_PARAMETERS`` when a parameter is missing, unknown or of another type.
    """
    raw = tomllib.loads(path.read_text())
    found: Interventions = shaped(Interventions, raw, where="interventions")
    return found


def sha256(path: Path = PLACE) -> str:
    """Return the SHA-256 of the parameter file, by which truth figures know that they are stale."""
    return hashlib.sha256(path.read_bytes()).hexdigest()

"""The shapes of the company's parameters, table by table; company.toml says what each number means."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

Row = tuple[float, ...]


@dataclass(frozen=True)
class Size:
    """How many of everything there are at the default size."""

    people: int
    entrants: int
    months: int
    opening_accounts: int
    moves: int


@dataclass(frozen=True)
class Noise:
    """Which impurities of real data are on."""

    identity: bool
    strangers: bool
    duplicates: bool
    late: bool
    duplicate_share: float
    late_share: float
    late_days: Row
    two_devices: float
    three_devices: float
    main_device: float
    never_identified: float
    signs: tuple[str, ...]
    kiosks: int
    kiosk_people: tuple[int, int]
    kiosk_days: float
    skew_share: float
    skew_hours: tuple[float, float]


@dataclass(frozen=True)
class Names:
    """What people and their firms are called."""

    first: tuple[str, ...]
    last: tuple[str, ...]
    firm: tuple[str, ...]


@dataclass(frozen=True)
class Bots:
    """Programs that read pages."""

    share: float
    pages_a_minute: int
    minutes: tuple[int, int]
    event: str
    section: str
    agent: str


@dataclass(frozen=True)
class Stranger:
    """A kind of people who are in the data and none of the market."""

    kind: str
    letter: str
    count: int
    visits: float
    phase: str
    events: tuple[str, ...]
    gap_seconds: float
    hours: tuple[float, float]
    mail: str


@dataclass(frozen=True)
class Frictions:
    """Strength of each friction: 1 as planted, 0 repaired, 2 twice as strong."""

    security_review: float
    ledger_wizard: float
    freeze_eats_trial: float
    rules_by_hand: float
    seat_price: float
    champion_leaves: float
    missing_connector: float
    tour_skipped: float


@dataclass(frozen=True)
class Planted:
    """What the frictions do."""

    risk_buys_repaired: float
    risk_pace_repaired: float
    risk_personas: tuple[str, ...]
    wizard_ledger: str
    wizard_again: float
    wizard_left: float
    rules_time: float
    connector_ledger: str
    connector_first_value: float
    freeze_persona: str


@dataclass(frozen=True)
class Persona:
    """A latent class of people."""

    share: float
    pace: float
    big: float
    freeze: float
    ledger: Row
    first: Row
    skips_tour: float
    plan: Row
    job_title: str


@dataclass(frozen=True)
class Hints:
    """What can be seen of a person, and how often."""

    job_title_known: float
    job_title_right: float
    company_size_known: float
    ledger_on_form: float
    company_sizes: tuple[str, ...]
    company_size_small: Row
    company_size_big: Row
    lines_a_month: tuple[str, ...]
    lines_small: float
    countries: tuple[str, ...]
    country_shares: Row
    country_hours: tuple[int, ...]
    safari: float


@dataclass(frozen=True)
class Holding:
    """How long a move takes, by step."""

    median: Row
    sigma: Row


@dataclass(frozen=True)
class Deadline:
    """The trial's end."""

    days: float
    extended: Row
    restarts: float
    restart_days: float


@dataclass(frozen=True)
class ClockShape:
    """How active people are by day of the week, hour and season."""

    weekday: Row
    hours: Row
    freeze_before: int
    freeze_after: int
    quarter_ends: tuple[str, ...]
    seasons: tuple[tuple[str, str, str, float], ...]


@dataclass(frozen=True)
class Plan:
    """A plan that can be bought."""

    price: float
    seats: int
    seats_at_purchase: float
    variable_cost: float
    cancel: float
    opening: float


@dataclass(frozen=True)
class Life:
    """What happens to an account after the purchase."""

    fee_share: float
    fee_fixed: float
    horizon_months: int
    discount: float
    early_months: int
    early_factor: float
    late_first_value_days: float
    late_factor: float
    one_admin: float
    admin_lost: float
    admin_cancels: float
    admin_cancels_starter: float
    starter_up: Row
    seat_limit: Row
    limit_up: float
    limit_cancel: float
    limit_up_repaired: float
    limit_cancel_repaired: float
    team_down: float
    opening_months: int
    opening_decay: float
    opening_weights: Row
    reactivates: float
    reactivate_months: int
    payment_fails: float
    payment_heals: float
    heal_days: float


@dataclass(frozen=True)
class Use:
    """How an active account uses the product."""

    events_a_seat: float
    events: tuple[str, ...]
    mix: Row
    closes: float
    closes_before_cancel: float
    closes_without_champion: float
    growth: float
    growth_fast: float
    fast_persona: str
    opening_colleagues: float
    close_minutes: float
    refers: float
    refers_after: int


@dataclass(frozen=True)
class Incidents:
    """Which happenings of the year are on."""

    mix_shift: bool
    tracking: bool
    outage: bool
    competitor: bool
    returns: bool


@dataclass(frozen=True)
class MixShift:
    """Extra entrants of another mix."""

    weeks: tuple[int, int]
    entrants: int
    personas: Row


@dataclass(frozen=True)
class Tracking:
    """An event that one browser does not send for a while."""

    event: str
    browser: str
    first: tuple[int, int]
    last: tuple[int, int]


@dataclass(frozen=True)
class Outage:
    """A fault of the product."""

    week: int
    days: int
    factor: float


@dataclass(frozen=True)
class Competitor:
    """A free offer of somebody else."""

    week: int
    persona: str
    left: float


@dataclass(frozen=True)
class Returns:
    """Who comes back after having left."""

    a_month: float
    launch_week: int
    launch_persona: str
    launch_share: float
    launch_weeks: int
    launch_plan: str
    launch_cancelled: float


@dataclass(frozen=True)
class Session:
    """How the events of one visit follow each other."""

    gap_sigma: float
    gap_limit_minutes: float
    pause_minutes: float
    last_event: str
    last_share: float
    last_step: str


@dataclass(frozen=True)
class Emission:
    """One kind of event that a visit of a step leaves behind."""

    step: str
    event: str
    section: str = ""
    phase: str = ""
    at_least: int = 0
    poisson: float = 0.0
    poisson_big: float = -1.0
    poisson_by: Mapping[str, float] = dataclasses.field(default_factory=dict)
    chance: float = 0.0
    chance_by: Mapping[str, float] = dataclasses.field(default_factory=dict)
    opens: float = 1.0
    on: tuple[str, ...] = ()
    once: bool = False
    tour: str = ""
    gap: float = 60.0
    many: int = 0
    many_on: str = ""
    many_by: Mapping[str, float] = dataclasses.field(default_factory=dict)
    traced: float = 1.0
    hints: bool = False
    browser: bool = False
    full: bool = False


@dataclass(frozen=True)
class Invitation:
    """How invited colleagues accept."""

    of: str
    event: str
    accepted: float
    median_hours: float
    sigma: float


@dataclass(frozen=True)
class Rung:
    """Which parts of the world are on; see section 12 of the company's specification."""

    personas: tuple[str, ...]
    entry_weeks: int
    persona_known: bool = False
    clock: bool = False
    deadline: bool = False
    full: bool = False


@dataclass(frozen=True)
class Finding:
    """Something planted, and on which list an honest reader of the data puts it.

    ``place`` is do_next, cannot_fix or ignore; reported where no list is promised; evidence, later, band or audit where
    another part of the product finds it.
    """

    id: str
    title: str
    place: str
    source: str = ""
    target: str = ""
    property: str = ""
    value: str = ""
    event: str = ""
    reason: str = ""
    switch: str = ""

"""The shapes of the parameters of other tools' files; company.toml says what each number means."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

Shares = Mapping[str, float]


@dataclass(frozen=True)
class Crm:
    """How deals are kept."""

    deal_share: Shares
    lost_per_won: float
    lag_days: float
    lag_sigma: float
    skips_security: float
    bulk: float
    closing_days: tuple[str, ...]
    reps: tuple[str, ...]
    reasons: Shares
    meets: float
    meeting_minutes: tuple[int, int]
    office_hours: tuple[float, float]
    causes: Shares


@dataclass(frozen=True)
class Tickets:
    """How often people write to support, of what, and how long that takes."""

    handling_minutes: float
    handling_sigma: float
    misfiled: float
    german: float
    solved_hours: float
    solved_sigma: float
    customer_rate: float
    after_failure: float
    wait_minutes: float
    wait_sigma: float
    slow_weeks: tuple[int, int]
    slow_hours: float
    rate: Shares
    causes: Mapping[str, Shares]
    minutes: Shares


@dataclass(frozen=True)
class Surveys:
    """Who is asked what, who answers, and what is meant."""

    nps_months: tuple[int, ...]
    nps_asked: float
    nps_response: float
    happy_answers: float
    happy: float
    unhappy_days: float
    ces_response: float
    exit_response: float
    demo_response: float
    cancel_response: float
    nps_scores: tuple[tuple[int, int], tuple[int, int]]
    ces_scores: tuple[tuple[int, int], tuple[int, int]]
    demo_scores: tuple[int, int]
    hours: Shares
    looked_for: Shares
    cancels: Shares


@dataclass(frozen=True)
class Mail:
    """The company's own letters."""

    every_days: float
    after_days: float
    product: float
    opens: float
    opens_hours: float
    opens_sigma: float
    clicks: float
    clicks_minutes: float
    delivered_minutes: float
    leaves: float
    campaigns: tuple[str, ...]


@dataclass(frozen=True)
class Spend:
    """What each paid channel costs: a week, and a click."""

    spread: float
    paid_search_nonbrand: tuple[float, float]
    paid_search_brand: tuple[float, float]
    linkedin_ads: tuple[float, float]
    review_site: tuple[float, float]
    community_newsletter: tuple[float, float]
    retargeting: tuple[float, float]
    content: tuple[float, float]

    def channels(self) -> dict[str, tuple[float, float]]:
        """Return the channels by name."""
        return {
            one.name: getattr(self, one.name)
            for one in dataclasses.fields(self)
            if one.name != "spread"
        }


@dataclass(frozen=True)
class Query:
    """What people search for."""

    text: str
    impressions: float
    grows: float
    position: float
    click_rate: float
    page: str
    from_week: int = 1


@dataclass(frozen=True)
class Diary:
    """A date that the company's people know of."""

    title: str
    weeks: tuple[int, int]


@dataclass(frozen=True)
class Voices:
    """How much is written in people's own words, and of what: notes of reps, posts, and reviews with their stars."""

    notes: int
    near_days: float
    posts: Mapping[str, int]
    reviews: Mapping[str, int]
    stars: Mapping[str, tuple[int, int]]

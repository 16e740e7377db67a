"""Who agreed to what, since when, and until when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.learn.company.draws import Draws, Purpose
from pathworth.learn.company.events.full import numbers_of
from pathworth.learn.company.live.parameters import ConsentShares

PURPOSES = ("marketing", "product", "in-app")
YEAR_US = 31_557_600_000_000


@dataclass(frozen=True)
class Agreed:
    """What one person agreed to: ``withdrawn_us`` is null where it still holds at the end of the year."""

    person: str
    purpose: str
    given_us: int
    withdrawn_us: int | None


def consents_of(
    shares: ConsentShares,
    *,
    draws: Draws,
    ids: NDArray[np.bytes_],
    country: list[str],
    first_us: list[int],
    until_us: int,
) -> list[Agreed]:
    """Return what people agreed to.

    Parameters
    ----------
    ids
        Raw ids.
    country
        Of each person, which decides how many agree to marketing.
    first_us
        When each was first seen: consent is given then.
    """
    who = numbers_of(ids)
    found = []
    for place, purpose in enumerate(PURPOSES):
        agrees, leaves = draws.pair(who, Purpose.CONSENT, place=place)
        wait = np.log(1.0 - leaves) / np.log(1.0 - shares.withdrawn_a_year) * YEAR_US
        for k in np.flatnonzero(agrees < _share(shares, purpose, country)).tolist():
            until = first_us[k] + int(min(wait[k], 2.0**62))
            # What the product itself shows in its own pages is never withdrawn.
            gone = until if until < until_us and purpose != "in-app" else None
            found.append(Agreed(ids[k].decode(), purpose, first_us[k], gone))
    return found


def _share(shares: ConsentShares, purpose: str, country: list[str]) -> NDArray[np.float64]:
    if purpose == "product":
        return np.full(len(country), shares.product)
    if purpose == "in-app":
        return np.full(len(country), shares.in_app)
    return np.array([shares.marketing_by_country.get(one, shares.marketing) for one in country])

"""What can be seen of people on R3: country, browser, job title, size, ledger; mostly not who they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pathworth.learn.company.draws import Draws, Purpose, pick
from pathworth.learn.company.parameters import Company
from pathworth.learn.company.world import Codes, Flags, Keys

BROWSERS = ("Safari", "Chrome")


@dataclass(frozen=True)
class Seen:
    """What can be seen of each person; codes are places plus one in the values, 0 for nothing.

    ``hours`` is how far the person's clock is ahead of UTC in winter; ``form`` whether the form says the ledger.
    """

    hours: Codes
    country: Codes
    browser: Codes
    job_title: Codes
    company_size: Codes
    ledger: Codes
    lines: Codes
    form: Flags


def see(
    company: Company, draws: Draws, *, key: Keys, persona: Codes, ledger: Codes, big: Flags
) -> Seen:
    """Draw what can be seen of people."""
    hints = company.hints
    country = pick(np.array(hints.country_shares), draws.pair(key, Purpose.COUNTRY)[0])
    titled, right = draws.pair(key, Purpose.HINTS)
    sized, size = draws.pair(key, Purpose.HINTS, index=1)
    form, lines = draws.pair(key, Purpose.HINTS, index=2)
    browser = draws.pair(key, Purpose.HINTS, index=3)[0]
    many = len(company.personas)
    wrong = np.floor((right - hints.job_title_right) / (1.0 - hints.job_title_right) * (many - 1))
    said = np.where(
        right < hints.job_title_right, persona, (persona + 1 + wrong.astype(np.int64)) % many
    )
    shares = np.array([hints.company_size_small, hints.company_size_big])[big.astype(np.int64)]
    few = np.where(lines < hints.lines_small, 0, 1)
    return Seen(
        hours=np.array(hints.country_hours, dtype=np.int64)[country],
        country=country + 1,
        browser=np.where(browser < hints.safari, 1, 2),
        job_title=np.where(titled < hints.job_title_known, said + 1, 0),
        company_size=np.where(sized < hints.company_size_known, pick(shares, size) + 1, 0),
        ledger=ledger + 1,
        lines=np.where(big, 2, few) + 1,
        form=form < hints.ledger_on_form,
    )

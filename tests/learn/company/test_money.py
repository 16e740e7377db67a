"""Plans earn what is stated, accounts live as stated, and a purchase is worth what is stated."""

from __future__ import annotations

import numpy as np
import pytest

from pathworth.learn.company import changed, history, load_company, worth_plain
from pathworth.learn.company.accounts.life import Accounts, anniversary, live_plainly
from pathworth.learn.company.accounts.money import margins, monthly, worth_full
from pathworth.learn.company.accounts.months import Contracts, live_fully
from pathworth.learn.company.draws import Draws

COMPANY = load_company()
SHARES = np.array([COMPANY.persona[name].plan for name in COMPANY.personas])


def test_margins_are_the_stated_ones() -> None:
    assert margins(COMPANY) == pytest.approx([38.33, 164.98, 427.64], abs=0.005)


def test_worth_at_purchase_is_the_stated_one_within_two_percent() -> None:
    full = (worth_full(COMPANY) * SHARES[:, :, None]).sum(axis=1)
    assert full[:, 0] == pytest.approx([4_726, 3_568, 815, 422], rel=0.02)
    assert full[:, 1] == pytest.approx([4_356, 3_222, 660, 315], rel=0.02)


def test_worth_on_the_plain_rungs_is_what_paying_accounts_really_bring() -> None:
    count, persona, plan = 40_000, 0, 1
    accounts = Accounts(
        np.arange(count, dtype=np.uint32),
        np.full(count, persona),
        np.full(count, plan),
        np.full(count, 0.5),
    )
    paid = live_plainly(COMPANY, draws=Draws(3), accounts=accounts)
    discount = (1 + COMPANY.life.discount) ** (-paid.month / 12)
    seen = (margins(COMPANY)[paid.plan] * discount).sum() / count
    value = margins(COMPANY)[plan]
    cancel = [monthly(COMPANY, early=early) for early in (True, False)]
    expected, state = 0.0, np.eye(3)[plan]
    for month in range(int(paid.month.max()) + 1):
        expected += float(state @ margins(COMPANY)) * (1 + COMPANY.life.discount) ** (-month / 12)
        leave, up, down = (one[persona] for one in cancel[0 if month < 3 else 1])
        move = np.diag(1 - leave - up - down) + np.diag(up[:-1], 1) + np.diag(down[1:], -1)
        state = state @ move
    assert value < expected < worth_plain(COMPANY)[persona, plan]
    assert seen == pytest.approx(expected, rel=0.01)


def test_accounts_on_the_full_rung_bring_what_its_worth_says_month_by_month() -> None:
    count = 60_000
    none = np.zeros(count, dtype=np.int64)
    contracts = Contracts(
        none, np.arange(count, dtype=np.uint32), none, none + 1, np.full(count, 0.5), none, none
    )
    months = live_fully(COMPANY, draws=Draws(4), contracts=contracts)
    alive = np.bincount(months.month)
    cancelled = np.bincount(months.month, weights=months.cancels)
    hazard = cancelled / alive
    life, plan = COMPANY.life, COMPANY.plan["Team"]
    champion = life.one_admin * life.admin_lost * life.admin_cancels
    early = plan.cancel * 1.8 + champion + life.seat_limit[0] * life.limit_cancel
    assert hazard[0] == pytest.approx(early, abs=3 * np.sqrt(early / count))
    late = plan.cancel + champion + life.seat_limit[0] * life.limit_cancel
    team = (months.month >= 3) & (months.plan == 1)
    assert months.cancels[team].mean() == pytest.approx(late, abs=4 * np.sqrt(late / team.sum()))


def test_anniversaries_keep_the_day_of_the_month_or_take_the_last() -> None:
    start = np.array(
        [float((np.datetime64("2025-10-31") - np.datetime64(COMPANY.first_day)).astype(int))]
    )
    days = [
        np.datetime64(COMPANY.first_day)
        + int(anniversary(COMPANY, start + 0.25, month=np.array([k]))[0])
        for k in range(5)
    ]
    assert [str(day) for day in days] == [
        "2025-10-31", "2025-11-30", "2025-12-31", "2026-01-31", "2026-02-28",
    ]  # fmt: skip


def test_the_opening_book_is_the_stated_one() -> None:
    world = history(changed(COMPANY, "use.events_a_seat", value=0.0), people=20_000, seed=6)
    events = world.events
    old = world.persons.part[events.person] == 2
    month = old & (events.time_us < world.from_us + 31 * 86_400_000_000)
    first = np.unique(events.message, return_index=True)[1]
    money = events.value_micro[np.intersect1d(first, np.flatnonzero(month))].sum() / 1e6
    assert money == pytest.approx(115_000, rel=0.1)
    plans = np.bincount(world.persons.plan[world.persons.part == 2]) / 560
    assert plans == pytest.approx([0.38, 0.46, 0.16], abs=0.07)


def test_a_payer_pays_every_month_with_the_contract_date_on_each_payment() -> None:
    world = history(COMPANY, people=3_000, seed=1, rung="R0")
    events = world.events
    since = events.columns["subscription_started_at"]
    paid = np.flatnonzero(events.value_micro > 0)
    assert (since.codes[paid] > 0).all()
    assert (events.columns["plan"].codes[paid] > 0).all()
    assert (events.cost_micro[paid] > 0).all()
    started = np.array(since.values, dtype="datetime64[D]")[since.codes[paid] - 1]
    day = events.time_us[paid].astype("datetime64[us]").astype("datetime64[D]")
    months = (day - started).astype(int) / 30.4375
    assert np.abs(months - np.round(months)).max() < 0.11
    for person in np.unique(events.person[paid])[:60]:
        mine = np.round(months[events.person[paid] == person]).astype(int)
        assert (np.diff(mine) == 1).all()

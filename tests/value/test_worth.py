"""Worth at purchase against the closed form of a book of contracts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from tests.value.semi_markov import DAY_US, MONDAY_US

from pathworth.atlas import Contract, MapDocument, MapStep
from pathworth.base.errors import NotSupported
from pathworth.journeys import Journeys, LocalEngine
from pathworth.store import ColumnInfo, EventArrays, Snapshot, snapshot_from_arrays
from pathworth.value import decide, price_arrows
from pathworth.value.chain.sojourns import SojournsOf
from pathworth.value.chain.worth import worth_at_purchase

MONTH_US = int(30.4375 * DAY_US)
PLANS = ("small", "large")
MARGIN = np.array([40.0, 200.0])
LEAVES = np.array([[0.10, 0.05], [0.05, 0.02]])  # [early or late, plan]
UP = 0.03
DAYS = 364
CONTRACT = Contract("buy", "event in ('buy', 'renew')", plan="plan", since="since", months="months")
CHART = MapDocument(
    "m",
    (MapStep("look", "Looks", "event = 'look'"), MapStep("buy", "Buys", "event = 'buy'")),
    contract=CONTRACT,
)


def stays(early: bool) -> np.ndarray:
    leave = LEAVES[0 if early else 1]
    return np.array([[1 - leave[0] - UP, UP], [0, 1 - leave[1]]])


def truth(begin: np.ndarray, months: int = 24) -> float:
    total, holds = 0.0, begin
    for month in range(months):
        total += 1.1 ** (-month / 12) * holds @ MARGIN
        holds = holds @ stays(month < 3)
    return float(total)


def book(
    *,
    people: int,
    seed: int,
    share_large: float = 0.4,
    opening: int = 0,
    term: int = 1,
    said: bool = True,
    days: int = DAYS,
) -> Snapshot:
    """Return people who look and buy at once with a chance of one in two, and a book from before the data."""
    rng = np.random.default_rng(seed)
    rows: list[tuple[int, int, int, int, int, int]] = []
    for person in range(people + opening):
        old = person >= people
        begun = MONDAY_US + int(rng.random() * days * DAY_US)
        if old:
            begun = MONDAY_US - int((0.2 + rng.random() * 30) * MONTH_US)
        else:
            rows.append((person, 0, begun - 600_000_000, 0, 0, 0))
            if rng.random() < 0.5:
                continue
        plan, month = int(rng.random() < share_large), 0
        while True:
            now = begun + month * MONTH_US
            if now >= MONDAY_US + days * DAY_US:
                break
            if now >= MONDAY_US:
                rows.append((person, 1 if month == 0 else 2, now, plan + 1, begun, term))
            for inside in range(term):
                gone = (
                    rng.random() < LEAVES[0 if month + inside < 3 else 1][plan]
                    and inside == term - 1
                )
                if gone:
                    break
                if (
                    plan == 0
                    and term == 1
                    and rng.random() < UP / (1 - LEAVES[0 if month < 3 else 1][0])
                ):
                    plan = 1
            if gone:
                break
            month += term
    return _snapshot(rows, people + opening, said=said)


def _snapshot(rows: list, n: int, *, said: bool) -> Snapshot:
    person, name, time, plan, begun, term = (np.array(c) for c in zip(*rows, strict=True))
    days = sorted({_day(b) for b in begun if b})
    code = {day: k + 1 for k, day in enumerate(days)}
    since = np.array([code[_day(b)] if b else 0 for b in begun], np.uint16)
    paid = np.where(plan > 0, MARGIN[np.maximum(plan - 1, 0)], 0.0) * np.maximum(term, 1)
    columns = {
        "value": np.rint(paid * 1e6).astype(np.int64) + np.where(plan > 0, 7_000_000, 0),
        "cost": np.where(plan > 0, 7_000_000, 0),
        "plan": plan.astype(np.uint16),
        "months": np.where(plan > 0, term, np.nan).astype(float),
    }
    infos = {"plan": ColumnInfo("text", PLANS), "months": ColumnInfo("number")}
    if said:
        columns["since"] = since
        infos["since"] = ColumnInfo("text", tuple(days))
    return snapshot_from_arrays(
        [f"p{k}" for k in range(n)],
        EventArrays(entity=person, name=name, time_us=time, seq=None, columns=columns),
        names=["look", "buy", "renew"],
        infos=infos,
        shards=2,
    )


def _day(us: int) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(us))).date().isoformat()


def worth_of(snapshot: Snapshot, chart: MapDocument = CHART) -> np.ndarray:
    engine = LocalEngine(1)
    plan, _ = decide(Journeys(snapshot), chart, engine=engine)
    sojourns = engine.fold(plan.whole(Journeys(snapshot)), SojournsOf(plan))
    accounts = [s.accounts for s in sojourns]
    return worth_at_purchase(accounts, chart.contract, strata=[[0]])[:, 0]


def test_it_is_the_discounted_margin_of_the_horizon_first_month_included() -> None:
    snapshot = book(people=16_000, seed=1, opening=3_000)
    begin = np.array([0.6, 0.4])
    assert worth_of(snapshot)[0] == pytest.approx(truth(begin), rel=0.03)


def test_what_the_period_happens_to_hold_is_far_less() -> None:
    snapshot = book(people=6_000, seed=2)
    shard_money = sum(
        int((s.columns["value"][:] - s.columns["cost"][:]).sum()) for s in snapshot.shards
    )
    buyers = sum(int((s.name == snapshot.names.index("buy")).sum()) for s in snapshot.shards)
    assert shard_money / 1e6 / buyers < 0.6 * truth(np.array([0.6, 0.4]))


def test_accounts_from_before_the_data_enter_at_their_age_and_do_not_count_as_bought() -> None:
    snapshot = book(people=4_000, seed=3, opening=6_000, share_large=0.4)
    engine = LocalEngine(1)
    plan, _ = decide(Journeys(snapshot), CHART, engine=engine)
    sojourns = engine.fold(plan.whole(Journeys(snapshot)), SojournsOf(plan))
    bought = sum(int(s.accounts.bought.sum()) for s in sojourns)
    assert bought == pytest.approx(2_000, rel=0.08)
    months = sum(s.accounts.months for s in sojourns)[0]
    leave = months[:, :, -1] / months.sum(axis=-1).clip(1)
    assert leave[1:, 0] == pytest.approx(LEAVES[0], rel=0.25)
    assert leave[1:, 1] == pytest.approx(LEAVES[1], rel=0.15)
    assert max(s.accounts.oldest for s in sojourns) > 24


def test_without_since_an_old_book_would_look_new() -> None:
    with_since = worth_of(book(people=4_000, seed=3, opening=6_000))
    chart = MapDocument("m", CHART.steps, contract=Contract("buy", CONTRACT.payments, plan="plan"))
    naive = worth_of(book(people=4_000, seed=3, opening=6_000, said=False), chart)
    assert naive[0] > with_since[0] * 1.03


def test_a_payment_for_a_year_is_twelve_months_of_accrued_money() -> None:
    snapshot = book(people=6_000, seed=5, term=12, days=3 * DAYS, share_large=0.0)
    months = [1.1 ** (-m / 12) * MARGIN[0] for m in range(24)]
    exact = sum(a * (1.0 if m < 12 else 1 - LEAVES[1][0]) for m, a in enumerate(months))
    assert worth_of(snapshot)[0] == pytest.approx(exact, rel=0.03)
    assert exact < sum(months) * 0.98


def test_its_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    from pathworth.value.chain.chains import jackknife

    held = 0
    for seed in range(30):
        low, high = jackknife(worth_of(book(people=700, seed=100 + seed, opening=150)))
        held += bool(low <= truth(np.array([0.6, 0.4])) <= high)
    assert held >= 25


def test_its_payments_earn_nothing_elsewhere_and_the_step_is_worth_it() -> None:
    snapshot = book(people=5_000, seed=7, opening=1_000)
    found = price_arrows(Journeys(snapshot), CHART)
    steps = {step.id: step for step in found.steps}
    assert steps["buy"].worth_per_person == pytest.approx(worth_of(snapshot)[0])
    half = steps["look"].worth_per_person
    assert half == pytest.approx(0.5 * worth_of(snapshot)[0], rel=0.05)
    assert found.entrants == pytest.approx(5_000, abs=10)


def test_an_answer_older_than_any_account_says_from_which_month_it_is_carried_on() -> None:
    young = price_arrows(Journeys(book(people=3_000, seed=8)), CHART).notes
    assert any("From month 1" in note and "carried on" in note for note in young)
    old = price_arrows(Journeys(book(people=3_000, seed=8, opening=2_000)), CHART).notes
    assert not any("carried on" in note for note in old)


def test_a_plan_with_many_values_is_refused() -> None:
    snapshot = book(people=300, seed=9)
    chart = MapDocument("m", CHART.steps, contract=Contract("buy", CONTRACT.payments, plan="since"))
    with pytest.raises(NotSupported, match="TOO_MANY_PLANS"):
        price_arrows(Journeys(snapshot), chart)

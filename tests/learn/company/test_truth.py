"""The truth figures belong to the parameters, and come out again."""

from __future__ import annotations

import pytest

from pathworth.base.errors import BadInput
from pathworth.learn.company import load_company, load_truth
from pathworth.learn.company.parameters import sha256
from pathworth.learn.company.truths.figures import worths, write_truth
from pathworth.learn.company.truths.prices import branched, calm, closed_form, friction_worth

COMPANY = load_company()
TRUTH = load_truth()


def test_the_truth_figures_were_computed_from_these_parameters() -> None:
    assert TRUTH.company_sha256 == sha256(), "company.toml changed: run `make truth`"
    assert TRUTH.people >= 2_000_000


def test_three_truth_figures_come_out_again_at_small_size() -> None:
    quiet = calm(COMPANY)
    found = {
        (row.source, row.target): row
        for row in branched(quiet, "R3", people=60_000, seed=77, told=lambda _: None)
    }
    for arrow in (("connects", "first-value"), ("risk", "buys")):
        again, kept = found[arrow], TRUTH.price("R3", source=arrow[0], target=arrow[1])
        assert abs(again.gain - kept.gain) < 4 * (again.error**2 + kept.error**2) ** 0.5
    gain, error = friction_worth(quiet, "ledger_wizard", people=60_000, seed=78)
    kept_worth = next(row for row in TRUTH.frictions if row.id == "F2")
    assert abs(gain - kept_worth.gain) < 4 * (error**2 + kept_worth.error**2) ** 0.5


@pytest.mark.parametrize("rung", ["R0", "R1", "R2"])
def test_branching_agrees_with_the_closed_form_where_a_chain_is_exact(rung: str) -> None:
    exact = {(row.source, row.target): row for row in closed_form(COMPANY, rung)}
    for row in branched(calm(COMPANY), rung, people=40_000, seed=5, told=lambda _: None):
        known = exact[row.source, row.target]
        assert abs(row.gain - known.gain) < 4 * row.error
        assert row.share == pytest.approx(known.share, abs=0.02)
        kept = TRUTH.price(rung, source=row.source, target=row.target)
        assert kept.gain == pytest.approx(known.gain, rel=1e-6)


@pytest.mark.parametrize(
    ("source", "target", "people", "gain"),
    [
        ("reads", "compares", 294, 2_464),
        ("reads", "trial", 87, 4_914),
        ("compares", "trial", 303, 5_255),
        ("trial", "connects", 318, 3_717),
        ("connects", "first-value", 191, 5_167),
        ("first-value", "team", 94, 3_527),
        ("first-value", "buys", 35, 6_913),
        ("team", "risk", 47, 1_571),
        ("team", "buys", 35, 4_089),
        ("risk", "buys", 14, 2_140),
    ],
)
def test_prices_on_the_full_rung_are_the_stated_ones(
    source: str, target: str, people: float, gain: float
) -> None:
    row = TRUTH.price("R3", source=source, target=target)
    assert TRUTH.per_month(row.takers) == pytest.approx(people, abs=0.6 + 0.005 * people)
    # Where only a latent point is stated, the deadline moves the realised one by a few percent.
    assert TRUTH.per_month(row.gain) == pytest.approx(gain, rel=0.06)


@pytest.mark.parametrize(
    ("name", "worth"), [("F1", 48_000), ("F2", 21_600), ("F4", 18_000), ("M1", 37_400)]
)
def test_frictions_are_worth_what_is_stated(name: str, worth: float) -> None:
    row = next(one for one in TRUTH.frictions if one.id == name)
    assert TRUTH.per_month(row.gain) == pytest.approx(worth, rel=0.05)


def test_worths_are_kept_for_every_rung_and_persona() -> None:
    kept = {(row.rung, row.persona, row.late): row.worth for row in TRUTH.worths}
    for row in worths(COMPANY):
        assert kept[row.rung, row.persona, row.late] == pytest.approx(row.worth, rel=1e-6)


def test_an_arrow_without_truth_and_a_missing_file_say_so(tmp_path) -> None:
    with pytest.raises(BadInput, match="NO_SUCH_TRUTH"):
        TRUTH.price("R3", source="risk", target="reads")
    with pytest.raises(BadInput, match="NO_TRUTH"):
        load_truth(tmp_path / "none.toml")
    write_truth(TRUTH, tmp_path / "truth.toml")
    assert load_truth(tmp_path / "truth.toml") == TRUTH

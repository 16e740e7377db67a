"""Parameters are read with every mistake named, and changed worlds differ where they should."""

from __future__ import annotations

import numpy as np
import pytest

from pathworth.base.errors import BadInput, UnknownName
from pathworth.learn.company import changed, history, load_company, true_map
from pathworth.learn.company.moves.journey import BUYS, CONNECTS, FIRST_VALUE, LEFT, RISK, rows_of
from pathworth.learn.company.parameters import HOME

COMPANY = load_company()
FULL = COMPANY.rung["R3"]


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("frictions.unheard_of", 1.0, "is not a parameter"),
        ("life.horizon_months", 2.5, "not of type"),
        ("mix_shift.weeks", [1, 2, 3], "needs 2 values"),
        ("rows.controller.risk.99", 0.1, "is not a parameter"),
    ],
)
def test_a_parameter_that_does_not_fit_is_named(path: str, value: object, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        changed(COMPANY, path, value=value)


def test_a_missing_and_an_unknown_parameter_are_named(tmp_path) -> None:
    text, line = (HOME / "company.toml").read_text(), "duplicates = true\n"
    for other, said in (
        ("", "duplicates is missing"),
        (f"{line}silence = 1\n", "silence is not a"),
    ):
        (tmp_path / "company.toml").write_text(text.replace(line, other))
        with pytest.raises(BadInput, match=f"noise.{said}"):
            load_company(tmp_path / "company.toml")


def test_every_row_of_probabilities_adds_up_to_one_whatever_is_changed() -> None:
    for switch in ("ledger_wizard", "missing_connector", "security_review"):
        for value in (0.0, 1.0, 2.0):
            rows = rows_of(changed(COMPANY, f"frictions.{switch}", value=value), FULL)
            assert np.abs(rows.sum(axis=-1) - 1).max() < 1e-12
            assert rows.min() >= -1e-12


def test_repaired_frictions_give_back_what_they_took() -> None:
    datev, netsuite = COMPANY.ledgers.index("datev"), COMPANY.ledgers.index("netsuite")
    plain = COMPANY.rows["controller"]["connects"]
    planted = rows_of(COMPANY, FULL)[0]
    assert planted[datev, CONNECTS, FIRST_VALUE] == pytest.approx(plain[FIRST_VALUE] - 0.24)
    assert planted[netsuite, CONNECTS, FIRST_VALUE] == pytest.approx(0.04)
    without = rows_of(changed(COMPANY, "frictions.ledger_wizard", value=0.0), FULL)[0]
    assert without[datev, CONNECTS].tolist() == list(plain)
    better = rows_of(changed(COMPANY, "planted.connector_first_value", value=0.30), FULL)[0]
    assert better[netsuite, CONNECTS, FIRST_VALUE] == pytest.approx(0.30)
    calm = rows_of(changed(COMPANY, "frictions.security_review", value=0.0), FULL)[0]
    assert calm[0, RISK, BUYS] == pytest.approx(0.54)
    assert calm[0, RISK, LEFT] == pytest.approx(0.34)


def test_a_tour_that_matters_costs_its_skippers_trials() -> None:
    quiet = changed(COMPANY, "use.events_a_seat", value=0.0)
    costly = changed(quiet, "frictions.tour_skipped", value=0.10)
    shares = []
    for company in (quiet, costly):
        world = history(company, people=20_000, seed=3)
        visits, skips = world.visits, world.persons.skips
        trial = visits.step == 2
        connected = visits.to[trial] == CONNECTS
        shares.append(
            [connected[skips[visits.person[trial]] == flag].mean() for flag in (True, False)]
        )
    assert shares[0][0] - shares[1][0] == pytest.approx(0.10, abs=0.03)
    assert shares[0][1] == pytest.approx(shares[1][1], abs=0.01)


def test_a_change_leaves_everybody_else_as_they_were() -> None:
    one = history(COMPANY, people=3_000, seed=9)
    other = history(changed(COMPANY, "frictions.ledger_wizard", value=0.0), people=3_000, seed=9)
    entrants = np.flatnonzero(one.persons.part < 2)
    untouched = entrants[one.persons.ledger[entrants] != COMPANY.ledgers.index("datev")]
    for person in untouched[:300]:
        mine = [world.visits.start_us[world.visits.person == person] for world in (one, other)]
        assert mine[0].tolist() == mine[1].tolist()


def test_a_rung_that_is_not_there_is_refused_with_the_near_name() -> None:
    with pytest.raises(UnknownName, match="R2d"):
        history(COMPANY, people=10, seed=1, rung="R2x")
    with pytest.raises(UnknownName, match="R3"):
        true_map(COMPANY, "R33")


def test_plain_rungs_show_every_move_and_nothing_else() -> None:
    world = history(COMPANY, people=2_000, seed=1, rung="R2d")
    steps, visits = world.company.steps, world.visits
    seen = visits.start_us < world.to_us
    risk = int((seen & (visits.step == steps.index("risk"))).sum())
    page = int((world.events.name == world.names.index("Security Page Viewed")).sum())
    assert page == risk > 0
    assert "Pricing Viewed" in world.names
    phase = world.events.columns["phase"]
    priced = world.events.name == world.names.index("Pricing Viewed")
    assert (phase.codes[priced] == 0).all()
    assert (np.diff(world.events.message) == 1).all()

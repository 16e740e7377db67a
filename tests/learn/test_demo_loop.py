"""The demo shows what came of the company's programs, once its year was lived under them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pathworth import run
from pathworth.base.errors import BadInput, WrongUsage
from pathworth.learn import company


def question(folder: Path, *, data: str = "company", seed: int = 1) -> run.DemoQuestion:
    return run.DemoQuestion(data=data, folder=folder, seed=seed, people=300)


@pytest.fixture
def lived(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count how often a year is lived; its weeks are the long proof's, and another test's."""
    times: list[int] = []

    def lives(folder: Path, *, seed: int, people: int, tell: object) -> tuple[company.Tried, ...]:
        times.append(seed)
        (folder / "workspace").mkdir()
        said = {"verdict": "works", "sentence": "It works.", "sent": 7, "stopped": None}
        one = company.Tried(
            "I1", "Kit", "bought", truth=0.1, metric="Buys", found=0.2, interval=(0.1, 0.3), **said
        )
        return (one,)

    monkeypatch.setattr(company, "try_company", lives)
    return times


def test_a_demo_shows_what_was_tried_on_the_same_company_only(
    tmp_path: Path, lived: list[int]
) -> None:
    asked = question(tmp_path / "demo")
    assert run.demo(asked).tried == ()
    place = run.demo_loop(asked)
    assert place == tmp_path / "demo-loop" / "workspace"
    assert run.demo_loop(asked) == place
    assert lived == [1], "a year that was lived is not lived again"
    (shown,) = run.demo(asked).tried
    assert (shown.id, shown.truth, shown.interval, shown.verdict) == (
        "I1",
        0.1,
        (0.1, 0.3),
        "works",
    )
    other = run.DemoQuestion(data="ecom", folder=tmp_path / "demo2")
    assert run.demo(other).tried == ()


def test_a_year_that_was_cut_short_leaves_nothing_and_is_lived_anew(
    tmp_path: Path, lived: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(folder: Path, **_: object) -> tuple[company.Tried, ...]:
        (folder / "workspace").mkdir()
        raise KeyboardInterrupt

    asked = question(tmp_path / "demo")
    with monkeypatch.context() as patch:
        patch.setattr(company, "try_company", dies)
        with pytest.raises(KeyboardInterrupt):
            run.demo_loop(asked)
    assert not (tmp_path / "demo-loop").exists()
    assert run.demo_loop(asked).is_dir()
    assert lived == [1]


def test_a_year_of_another_company_is_not_taken_for_this_one(
    tmp_path: Path, lived: list[int]
) -> None:
    run.demo_loop(question(tmp_path / "demo"))
    with pytest.raises(BadInput, match="OTHER_DEMO"):
        run.demo_loop(question(tmp_path / "demo", seed=2))


def test_only_the_company_answers(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="NOT_THE_COMPANY"):
        run.demo_loop(question(tmp_path / "demo", data="ecom"))

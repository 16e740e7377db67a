"""Answers weighted for who does not answer: a plain twin, known truths, sums by hand, and what may not count."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import norm
from tests.journeys.build import code, snapshot
from tests.naive import responses as naive

from pathworth.base.errors import NotSupported, UnknownName, WrongUsage
from pathworth.base.json import to_json, to_text
from pathworth.base.period import Period
from pathworth.journeys import Journeys, LocalEngine, Slicing, engine
from pathworth.measure.answers import Answer
from pathworth.measure.responses import responses, tally
from pathworth.measure.responses.known import standardised
from pathworth.measure.responses.propensity import fit
from pathworth.measure.responses.weighing import Weighing, raw_mean
from pathworth.store import Hidden

DAY = 86_400_000_000
START = 1_700_000_000_000_000
ASK = {"asked": "event = 'seen'", "answered": "event = 'said'", "answer": "answer"}
PROPERTIES = ("loyal", "place", "plan", "rare")


def world(seed, *, people=700, texts=False, stamp=None):
    """Return rows and columns: plan and activity say who answers and what; ties in time, some asked twice."""
    rng = np.random.default_rng(seed)
    rows = []
    for who in range(people):
        plan = ("free", "pro", "team")[int(rng.integers(3))]
        busy, at = int(rng.integers(0, 9)), int(rng.integers(40, 60)) * DAY
        place = f"c{int(rng.integers(12)) ** 2 // 12}"
        for _ in range(busy):
            time = at - int(rng.integers(0, 40 * 24)) * 3_600_000_000
            says = {"plan": plan if rng.random() < 0.6 else None, "place": place}
            says["loyal"] = bool(rng.random() < 0.4) if rng.random() < 0.3 else None
            says["value"] = round(float(rng.random()) * 30 - 5, 2) if rng.random() < 0.3 else None
            rows.append((f"p{who}", f"e{int(rng.integers(5))}", time, says))
        if rng.random() < 0.85:
            rows.append((f"p{who}", "seen", at, {"asking": "x", "rare": "never"}))
            if rng.random() < 0.3:
                rows.append((f"p{who}", "seen", at + int(rng.integers(0, 2)) * DAY, {}))
            if rng.random() < expit(-1.2 + 1.3 * (plan == "pro") + 0.15 * busy):
                given = min(max(round(4 + 2 * (plan == "pro") + rng.normal()), 0), 9)
                said = None if rng.random() < 0.05 else given
                said = ("bad", "fair", "good")[given // 4] if texts and said is not None else said
                rows.append((f"p{who}", "said", at + int(rng.integers(0, 2)), {"answer": said}))
        rows.append((f"p{who}", "e0", at + 3 * DAY, {"plan": "left"}))
    names = ("plan", "place", "loyal", "value", "rare", "asking", "answer")
    columns = {name: [says.get(name) for *_, says in rows] for name in names}
    return [(who, event, START + time) for who, event, time, _ in rows], columns


def twin(rows, columns):
    properties = (*PROPERTIES, "asking")
    people = naive.asked_people(
        rows,
        columns,
        asked=lambda e: e["event"] == "seen",
        answered=lambda e: e["event"] == "said",
        answer="answer",
        window_us=28 * DAY,
        properties=properties,
    )
    known = naive.raw_columns(people, properties=PROPERTIES, window="28d")
    return people, known


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_it_says_what_a_plain_twin_says(seed):
    rows, columns = world(seed)
    found = responses(Journeys(snapshot(rows, columns=columns)), **ASK)
    people, known = twin(rows, columns)
    said = [one["answer"] for one in people if one["answer"] is not None]
    assert (found.asked, found.answered) == (len(people), len(said))
    assert found.empty == sum(one["empty"] and one["answer"] is None for one in people) > 0
    weight = naive.weights(people, known)
    assert found.mean.raw.value == pytest.approx(sum(said) / len(said), abs=1e-12)
    assert found.mean.weighted.value == pytest.approx(naive.weighted_mean(said, weight), abs=1e-6)
    assert found.effective == pytest.approx(sum(weight) ** 2 / sum(w * w for w in weight), rel=1e-6)
    for one in found.answers:
        has = [float(answer == one.answer) for answer in said]
        assert one.people == sum(has)
        assert one.raw.value == pytest.approx(sum(has) / len(has), abs=1e-12)
        assert one.weighted.value == pytest.approx(naive.weighted_mean(has, weight), abs=1e-6)
        assert one.weighted.interval[0] < one.weighted.value < one.weighted.interval[1]
    for one in found.balance:
        x = np.array(known[one.name])
        z = (x - x.mean()) / x.std()
        mine = z[[person["answer"] is not None for person in people]]
        assert one.before == pytest.approx(mine.mean(), abs=1e-9)
        assert one.after == pytest.approx(naive.weighted_mean(mine.tolist(), weight), abs=1e-6)
    assert abs(found.mean.weighted.value - found.mean.raw.value) > 0.1
    assert max(abs(one.after) for one in found.balance) < 0.1 < abs(found.balance[0].before)
    assert isinstance(found, Answer)


def test_the_bytes_do_not_depend_on_threads_or_shards(monkeypatch):
    monkeypatch.setattr(engine, "SMALL", 1)
    for texts in (False, True):
        rows, columns = world(5, texts=texts)
        found = {
            to_text(to_json(responses(Journeys(one), engine=LocalEngine(threads), **ASK)))
            for one in (snapshot(rows, columns=columns, shards=k) for k in (1, 2, 8))
            for threads in (1, 2, 8)
        }
        assert len(found) == 1


def test_the_bytes_do_not_depend_on_the_order_of_codes(monkeypatch):
    rows, columns = world(6, texts=True)
    straight = to_json(responses(Journeys(snapshot(rows, columns=columns)), **ASK))

    def backwards(values, name):
        array, info = code(values, name)
        if info.kind != "text":
            return array, info
        many = len(info.values)
        turned = np.where(array > 0, many + 1 - array, 0).astype(np.uint16)
        return turned, replace(info, values=info.values[::-1])

    monkeypatch.setattr("tests.journeys.build.code", backwards)
    assert to_json(responses(Journeys(snapshot(rows, columns=columns)), **ASK)) == straight
    # A name that nobody sends shifts the codes of all others.
    shifted = [("nobody", "zzz", START), *rows]
    other = {name: [None, *values] for name, values in columns.items()}
    again = to_json(responses(Journeys(snapshot(shifted, columns=other)), **ASK))
    assert {**again, "as_of": None} == {**straight, "as_of": None}


def simulated(rng, people=1500):
    """Return a survey in which plan and activity decide who answers and what: known columns, who, answers, truth.

    The truth is the mean over the people of whom surveys are drawn, by Gauss and Hermite.
    """
    pro = (rng.random(people) < 0.35).astype(float)
    active = rng.normal(size=people)
    other = rng.normal(size=people)
    answered = rng.random(people) < expit(-1.0 + 1.2 * pro + 0.8 * active)
    y = 5 + 1.5 * pro + 0.7 * active + rng.normal(size=people) * 1.5
    return {"plan = pro": pro, "active": active, "other": other}, answered, y


def test_intervals_cover_a_known_truth_where_what_is_known_decides_who_answers():
    rng = np.random.default_rng(11)
    truth = 5 + 1.5 * 0.35
    share_truth = 0.35 * _above(6.5) + 0.65 * _above(5.0)
    surveys, weighted, raw, shares, off = 300, 0, 0, 0, []
    for _ in range(surveys):
        known, answered, y = simulated(rng)
        weighing = Weighing(standardised(known).z, answered)
        found, plain = weighing.mean(y[answered]), raw_mean(y[answered])
        share = weighing.share(y[answered] > 7)
        weighted += found.interval[0] <= truth <= found.interval[1]
        raw += plain.interval[0] <= truth <= plain.interval[1]
        shares += share.interval[0] <= share_truth <= share.interval[1]
        off.append(found.value - truth)
    assert 0.90 <= weighted / surveys <= 0.985
    assert 0.90 <= shares / surveys <= 0.985
    assert raw / surveys < 0.5
    assert abs(np.mean(off)) < 0.03


def _above(mean):
    """Return the share of answers over 7 among those of one plan."""
    return float(norm.sf((7 - mean) / np.hypot(0.7, 1.5)))


def test_the_error_is_that_of_many_surveys_and_not_that_of_given_weights():
    rng = np.random.default_rng(12)
    means, errors, given = [], [], []
    for _ in range(400):
        known, answered, y = simulated(rng, people=1000)
        weighing = Weighing(standardised(known).z, answered)
        mean, error = weighing.moments(y[answered])
        means.append(mean)
        errors.append(error)
        off = weighing.weight * (y[answered] - mean)
        given.append(np.sqrt((off**2).sum()) / weighing.weight.sum())
    assert np.mean(errors) == pytest.approx(np.std(means), rel=0.12)
    # Who is few by chance is weighted up by chance: the error is smaller than weights taken as given would say.
    assert np.mean(given) > 1.05 * np.mean(errors)


def test_what_mood_decides_remains_and_is_said():
    rng = np.random.default_rng(13)
    mood = rng.normal(size=4000)
    answered = rng.random(4000) < expit(mood)
    weighing = Weighing(standardised({"x": rng.normal(size=4000)}).z, answered)
    assert weighing.mean(mood[answered]).interval[0] > 0.2


def test_one_yes_or_no_without_a_ridge_is_poststratification():
    rng = np.random.default_rng(14)
    group = rng.random(900) < 0.3
    answered = rng.random(900) < np.where(group, 0.7, 0.25)
    y = rng.normal(size=900) + 2 * group
    weighing = Weighing(standardised({"group": group.astype(float)}).z, answered, ridge=0.0)
    by_hand = sum(
        y[answered & (group == g)].mean() * (group == g).sum() / 900 for g in (False, True)
    )
    mean, error = weighing.moments(y[answered])
    assert mean == pytest.approx(by_hand, abs=1e-9)
    asked, came = ([int((group[who] == g).sum()) for g in (False, True)] for who in (..., answered))
    weight = [n / m for n, m in zip(asked, came, strict=True)]
    kish = sum(w * m for w, m in zip(weight, came, strict=True)) ** 2
    kish /= sum(w * w * m for w, m in zip(weight, came, strict=True))
    assert weighing.effective == pytest.approx(kish, abs=1e-6)
    # The known error of a post-stratified mean: spread inside groups, and that of the groups' sizes; each group's
    # part as the jackknife has it.
    square = 0.0
    for g, n, m in zip((False, True), asked, came, strict=True):
        mine = y[answered & (group == g)]
        inside = (n / 900) ** 2 * mine.var() / m
        between = n / 900**2 * (mine.mean() - by_hand) ** 2
        square += (inside + between) * (n / (n - 1)) ** 2
    assert error**2 == pytest.approx(square, rel=1e-9)
    assert weighing.apart() == pytest.approx([0.0], abs=1e-9)


def test_the_fit_is_where_the_gradient_is_nought_even_where_one_thing_says_all():
    rng = np.random.default_rng(15)
    x = rng.normal(size=400)
    found = fit(standardised({"x": x, "y": x + rng.normal(size=400)}).z, x > 0)
    assert np.abs(found.scores.sum(axis=0)).max() < 1e-8
    assert ((found.p > 0) & (found.p < 1)).all()


def test_nothing_known_leaves_the_raw_numbers():
    answered = np.arange(300) % 3 == 0
    y = np.arange(100.0)
    weighing = Weighing(standardised({"same": np.ones(300)}).z, answered)
    assert weighing.moments(y)[0] == pytest.approx(y.mean())
    assert weighing.effective == pytest.approx(100)


def few_rows(asked, answered, *, says=lambda k: k % 5):
    rows = [(f"p{k}", "seen", START + k) for k in range(asked)]
    rows += [(f"p{k}", "said", START + DAY + k) for k in range(answered)]
    return rows, {"answer": [*[None] * asked, *[says(k) for k in range(answered)]]}


@pytest.mark.parametrize(("asked", "answered"), [(200, 49), (200, 151)])
def test_too_few_are_not_weighted(asked, answered):
    rows, columns = few_rows(asked, answered)
    found = responses(Journeys(snapshot(rows, columns=columns)), **ASK)
    assert (found.asked, found.answered, found.effective) == (asked, answered, None)
    assert found.mean.weighted is None
    assert found.mean.raw.interval is not None
    assert all(one.weighted is None for one in found.answers)
    assert found.notes[0].startswith("Nothing is weighted: it takes 50 people who")
    assert "mood" in found.notes[-1]
    assert to_json(found)["rate"]["interval"][0] < answered / asked


def test_at_fifty_of_each_it_is_weighted_though_nothing_is_known():
    rows, columns = few_rows(100, 50)
    found = responses(Journeys(snapshot(rows, columns=columns)), **ASK)
    assert found.known == 0
    assert found.effective == pytest.approx(50)
    assert found.mean.weighted.value == pytest.approx(found.mean.raw.value)
    assert found.notes[0].startswith("Nothing known tells those who were asked apart")


def test_no_answers_and_nobody_asked():
    rows, columns = few_rows(40, 10)
    world = snapshot(rows, columns=columns)
    none = responses(Journeys(world), **{**ASK, "answered": "event = 'said' and answer > 90"})
    assert (none.asked, none.answered, none.answers, none.mean) == (40, 0, (), None)
    assert none.balance == ()
    nobody = responses(Journeys(world), **{**ASK, "asked": "event = 'said' and answer > 90"})
    assert (nobody.asked, nobody.rate, nobody.answers) == (0, None, ())
    assert nobody.notes[0] == "Nobody was asked."
    empty = snapshot([], columns={"answer": []})
    with pytest.raises((UnknownName, NotSupported)):
        responses(Journeys(empty), **{**ASK, "answer": "nothing"})
    few = responses(Journeys(world), **ASK)
    assert (few.mean.raw.interval, few.mean.raw.why) == (None, "too few")
    assert few.sheet().title == "10 people answered of 40 who were asked"
    assert few.to_arrow().num_rows == 5


def told(found):
    """Return an answer without what it is of, and where the store stands."""
    return {key: value for key, value in to_json(found).items() if key != "as_of"}


def test_nothing_later_than_the_question_counts():
    rows, columns = world(7)
    before = told(responses(Journeys(snapshot(rows, columns=columns)), **ASK))
    people = sorted({who for who, *_ in rows})
    later = [(who, "e9", START + 90 * DAY) for who in people]
    later += [(who, "seen", START + 91 * DAY) for who in people if (who, "seen") in _did(rows)]
    plans = ["pro" if k % 2 else "free" for k in range(len(later))]
    more = {name: [*values, *[None] * len(later)] for name, values in columns.items()}
    more["plan"][len(rows) :] = plans
    more["value"][len(rows) :] = [900.0] * len(later)
    more["rare"][len(rows) :] = plans
    assert told(responses(Journeys(snapshot([*rows, *later], columns=more)), **ASK)) == before


def _did(rows):
    return {(who, event) for who, event, _ in rows}


def test_an_answer_comes_at_or_after_the_question_in_the_order_of_the_journey():
    rows = [
        ("early", "said", START),
        ("early", "seen", START),
        ("same", "seen", START),
        ("same", "said", START),
        ("itself", "seen", START),
        ("empty", "seen", START),
        ("empty", "said", START + 1),
        ("late", "seen", START),
        ("late", "said", START + 1),
        ("late", "said", START + 2),
        ("late", "said", START + 3),
    ]
    columns = {"answer": [1, None, None, 2, 3, None, None, None, None, 4, 5]}
    rule = "event = 'said' or answer is not null"
    found = responses(Journeys(snapshot(rows, columns=columns)), **{**ASK, "answered": rule})
    assert (found.asked, found.answered, found.empty) == (5, 3, 1)
    assert [(one.answer, one.people) for one in found.answers] == [(2, 1), (3, 1), (4, 1)]


def test_who_is_hidden_was_not_asked():
    rows, columns = world(10)
    whole = snapshot(rows, columns=columns)
    shard = whole.shards[0]
    mask = (np.arange(shard.entities) % 4 == 0).astype(np.uint8)
    events = int(np.diff(shard.offset)[mask > 0].sum())
    hidden = Hidden((mask,), int(mask.sum()), events, "some")
    gone = {shard.id_of(k) for k in np.flatnonzero(mask).tolist()}
    left = [k for k, row in enumerate(rows) if row[0] not in gone]
    without = {name: [values[k] for k in left] for name, values in columns.items()}
    other = snapshot([rows[k] for k in left], columns=without)
    found = told(responses(Journeys(replace(whole, hidden=hidden)), **ASK))
    assert found == told(responses(Journeys(other), **ASK))


def test_events_done_before_are_counted_in_batches_of_people(monkeypatch):
    rows, columns = world(4)
    journeys = Journeys(snapshot(rows, columns=columns))
    whole = responses(journeys, **ASK)
    monkeypatch.setattr(tally, "CELLS", 50)
    assert responses(journeys, **ASK) == whole


def test_what_the_question_itself_says_is_not_known_before():
    rows, columns = world(8)
    names = {
        one.name for one in responses(Journeys(snapshot(rows, columns=columns)), **ASK).balance
    }
    assert not {one for one in names if one.startswith(("asking", "rare", "answer"))}


def test_what_only_survey_events_said_is_left_out():
    rows, columns = few_rows(200, 80)
    early = [(f"p{k}", "said", START - DAY) for k in range(100)]
    early += [(f"p{k}", "page", START - 2 * DAY) for k in range(0, 200, 3)]
    blank = [None] * (len(rows) + len(early))
    columns = {"answer": [*columns["answer"], *[1] * 100, *[None] * 67], "mode": blank}
    columns["mode"][280:380] = ["long"] * 100

    def known():
        found = responses(Journeys(snapshot([*rows, *early], columns=columns)), **ASK)
        return {one.name for one in found.balance}

    assert "mode = long" not in known()
    assert "did page" in known()
    # One other event that says it makes it a property like any other.
    columns["mode"][-1] = "long"
    assert "mode = long" in known()


def test_a_selection_chooses_the_question_and_not_the_past():
    rows, columns = world(9)
    world_ = snapshot(rows, columns=columns)
    whole = responses(Journeys(world_), **ASK)
    cut = Period(START + 50 * DAY, START + 200 * DAY)
    late = responses(Journeys(world_, period=cut), **ASK)
    assert 0 < late.asked < whole.asked
    assert late.known >= whole.known - 2
    only = responses(Journeys(world_, where="event = 'seen' or event = 'said'"), **ASK)
    assert told(only) == told(whole)
    nobody = responses(Journeys(world_, where="event = 'seen'"), **ASK)
    assert (nobody.asked, nobody.answered) == (whole.asked, 0)


def test_flags_are_known_and_said_once():
    rng = np.random.default_rng(16)
    loyal = [bool(one) for one in rng.random(400) < 0.5]
    rows = [(f"p{k}", "page", START - DAY) for k in range(400)]
    rows += [(f"p{k}", "seen", START) for k in range(400)]
    answering = [k for k in range(400) if rng.random() < (0.6 if loyal[k] else 0.2)]
    rows += [(f"p{k}", "said", START + 1) for k in answering]
    rest = len(rows) - 400
    columns = {
        "loyal": [*loyal, *[None] * rest],
        "answer": [*[None] * 800, *["yes" if loyal[k] else "no" for k in answering]],
    }
    found = responses(Journeys(snapshot(rows, columns=columns)), **ASK)
    # Everybody has the flag, so that true and false say the same.
    assert [one.name for one in found.balance] == ["loyal = false"]
    assert found.mean is None
    shares = {one.answer: one for one in found.answers}
    assert shares["yes"].raw.value > 0.65
    assert shares["yes"].weighted.value == pytest.approx(sum(loyal) / 400, abs=0.01)
    assert (
        shares["yes"].weighted.interval[0] < sum(loyal) / 400 < shares["yes"].weighted.interval[1]
    )


def test_numbers_kept_as_texts_have_a_mean_too():
    rows, columns = few_rows(200, 100, says=lambda k: str(k % 5))
    found = responses(Journeys(snapshot(rows, columns=columns)), **ASK)
    assert found.mean.raw.value == pytest.approx(2.0)
    rows, columns = few_rows(200, 100, says=lambda k: f"{k:04d} words")
    found = responses(Journeys(snapshot(rows, columns=columns)), **ASK)
    assert (found.mean, len(found.answers), found.others) == (None, 50, 50)


def test_one_answer_of_all_has_an_interval_that_ends_at_all():
    rows, columns = few_rows(200, 100, says=lambda k: "yes")
    one = responses(Journeys(snapshot(rows, columns=columns)), **ASK).answers[0]
    assert one.weighted.value == 1.0
    assert 0.9 < one.weighted.interval[0] < one.weighted.interval[1] == 1.0


def test_weights_are_cut_and_it_is_said():
    rng = np.random.default_rng(17)
    group = rng.random(6000) < 0.5
    answers = np.where(group, rng.random(6000) < 0.95, rng.random(6000) < 0.01)
    rows = [(f"p{k}", "page", START - DAY) for k in range(6000) if group[k]]
    rows += [(f"p{k}", "seen", START) for k in range(6000)]
    said = [k for k in range(6000) if answers[k]]
    before = len(rows)
    rows += [(f"p{k}", "said", START + 1) for k in said]
    columns = {"answer": [*[None] * before, *[float(group[k]) for k in said]]}
    found = responses(Journeys(snapshot(rows, columns=columns)), **ASK)
    assert found.cut == sum(not group[k] for k in said) > 0
    assert any("cut to 10 times the middle one" in one for one in found.notes)
    assert any(one.startswith("Even weighted, those who answered differ") for one in found.notes)
    weighing = Weighing(standardised({"x": group.astype(float)}).z, answers)
    assert weighing.weight.max() == pytest.approx(10 * np.median(weighing.weight))


def test_what_cannot_be_asked_is_refused():
    rows, columns = few_rows(5, 3)
    columns["paid"] = [True] * 8
    journeys = Journeys(snapshot(rows, columns=columns))
    for answer in ("paid", "event", "time", "value"):
        with pytest.raises(NotSupported, match="ANSWER_NEEDS_VALUES"):
            responses(journeys, **{**ASK, "answer": answer})
    with pytest.raises(UnknownName, match="UNKNOWN_COLUMN"):
        responses(journeys, **{**ASK, "answer": "anser"})
    with pytest.raises(UnknownName, match="UNKNOWN_COLUMN"):
        responses(journeys, **{**ASK, "asked": "evnt = 'seen'"})
    with pytest.raises(WrongUsage, match="BAD_DURATION"):
        responses(journeys, window="28", **ASK)
    with pytest.raises(WrongUsage, match="EMPTY_WINDOW"):
        responses(journeys, window="0d", **ASK)
    with pytest.raises(NotSupported, match="NEEDS_WHOLE_JOURNEYS"):
        responses(replace(journeys, slicing=Slicing("session", gap_us=DAY)), **ASK)

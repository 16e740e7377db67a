"""What the snapshot tells of a person is what would be remembered had every event come in."""

from __future__ import annotations

from tests.act.made import DAY, MAP, MINUTE, NOON, program
from tests.journeys.build import snapshot

from pathworth import act
from pathworth.act.watching.asking import OTHER_CONTACTS, Asking
from pathworth.act.watching.remember import fill, remember
from pathworth.act.watching.state import State, state_of
from pathworth.act.watching.watch import Found, Running, Watch
from pathworth.base.segments import Segment, SegmentRevision
from pathworth.journeys import Kinds
from pathworth.store import ArrivedEvent

WHO = (
    "did('Buys', at_least=2, within='9d') or matches('fills ->> [^Bought]{2}', within='3d') "
    "or in_segment('back') or did('Never')"
)
BACK = Segment("back", (SegmentRevision(1, "matches('Viewed -> Added+ -> end')", "ann", 0),))
ROWS = [
    (f"p{k % 5 % 3}", ("Viewed", "Added", "Bought", "Added")[k * k % 7 % 4], NOON + k * DAY // 3)
    for k in range(45)
]


def watching(*programs: act.Program) -> Watch:
    world = snapshot(ROWS)
    asking = Asking(Kinds.of(world), {"shop": MAP}, (BACK,))
    return Watch([Running(one, 1, 0) for one in programs], asking)


def came_in(watch: Watch, entity: str) -> State:
    state = State()
    for seq, (who, name, at) in enumerate(ROWS):
        if who == entity:
            event = ArrivedEvent(seq + 1, "test", f"m{seq}", who, name, at)
            watch.see(state, event, found=Found())
    return state


def test_deeds_and_patterns_are_remembered_from_the_snapshot_as_from_the_events() -> None:
    watch, world = watching(program(who=WHO)), snapshot(ROWS)
    for entity in ("p0", "p1", "p2"):
        told = remember(world, entity, watch=watch, before_seq=2**62)
        seen = came_in(watch, entity)
        assert {k: v for k, v in told.deeds.items() if v} == seen.deeds
        assert told.runs == seen.runs
        assert any(seen.deeds.values())
        # It is kept as bytes, and comes back the same.
        again = state_of(seen.row(entity))
        assert (again.deeds, again.runs) == (seen.deeds, seen.runs)
    runs = [came_in(watch, entity).runs for entity in ("p0", "p1", "p2")]
    assert any(run.times for some in runs for run in some.values())
    assert any(run.at_end for some in runs for run in some.values())


def test_what_a_new_program_asks_is_looked_up_and_what_nobody_asks_is_forgotten() -> None:
    before, world = watching(program(who="did('Bought')")), snapshot(ROWS)
    state = came_in(before, "p0")
    assert list(state.deeds) == ["event = 'Bought'"]
    after = watching(program(who="matches('Viewed -> Added')"))
    fill(state, world, watch=after, entity="p0", before_seq=2**62)
    assert state.deeds == {OTHER_CONTACTS: []}
    assert state.runs == came_in(after, "p0").runs
    assert len(state.runs) == 1


def test_a_program_whose_audience_cannot_be_read_has_nobody_in_it_and_stops_nothing() -> None:
    broken = program("broken", who="in_segment('nowhere')")
    watch = watching(broken, program("fine", who="did('Bought')"))
    assert [one.key for one in watch.past.asked] == [OTHER_CONTACTS, "event = 'Bought'"]
    assert watch.asking.audience(broken)(None) is False  # type: ignore[arg-type]


def test_a_step_may_be_a_pattern_and_is_entered_with_the_event_that_completes_it() -> None:
    steps = list(MAP.steps)
    steps[1] = type(steps[1])("fills", "Comes back", "matches('Added -> [^Bought]+ -> Added')")
    document = type(MAP)("shop", tuple(steps))
    watch = Watch([Running(program(), 1, 0)], Asking(Kinds({}), {"shop": document}))
    state, found = State(), Found()
    names = ["Added", "Viewed", "Viewed", "Added", "Added"]
    for seq, name in enumerate(names):
        watch.see(
            state,
            ArrivedEvent(seq, "test", f"m{seq}", "ann", name, NOON + seq * MINUTE),
            found=found,
        )
    assert [one.trigger_seq for one in found.occasions.values()] == [3]

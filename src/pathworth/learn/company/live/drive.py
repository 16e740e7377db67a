"""Drives the company through Pathworth's own programs: history imported, events fed day by day, messages delivered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pathworth import act, collect
from pathworth.atlas import dump_map
from pathworth.base.errors import NotSupported
from pathworth.journeys import Journeys
from pathworth.learn.company.clock import week_day
from pathworth.learn.company.live.live import Batch, Live, Message
from pathworth.learn.company.live.plans import EXPERIMENTS, MAP, documents, loop_map
from pathworth.learn.company.live.reading import MUTED
from pathworth.learn.company.live.told import arrived, line_of, mapping_of, seen_by_all
from pathworth.learn.experiments import (
    Experiment,
    PlanSize,
    Protest,
    ReadOut,
    dump_experiment,
    dump_plan,
    guardrail,
    plan_size,
    read_out,
)
from pathworth.store import (
    ArrivedEvent,
    Consent,
    Decision,
    Experiments,
    Ledger,
    Workspace,
    held_open,
)

HOURS = (8, 11, 14, 17, 20, 24)
"""When the clock of the programs ticks on each day, in hours of UTC at which messages leave."""
HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
PURPOSES = {"product": (("email", "product"),), "in-app": (("webhook", "product"),)}
OVER = "Its weeks are over."
AUTHOR = "the company"
FED = "fed.jsonl"


@dataclass(frozen=True)
class Driven:
    """What came of one intervention: what was sent, when and why it stopped, and the read-out at the end."""

    kind: str
    sent: int
    decided: int
    stopped_us: int | None
    stopped_why: str | None
    reading: ReadOut

    def stopped_after(self, start_us: int) -> float | None:
        """Return after how many days a guardrail stopped it, null when none did."""
        if self.stopped_us is None or self.stopped_why == OVER:
            return None
        return (self.stopped_us - start_us) / DAY_US


@dataclass
class Post:
    """A sender that hands messages to the company instead of a mail server."""

    now_us: int = 0
    at_once: int = 500
    taken: list[Message] = field(default_factory=list)

    def send(self, message: act.Message) -> act.Outcome:
        """Take one message."""
        self.taken.append(Message(message.entity, message.program, self.now_us))
        return act.Outcome("delivered", "Taken by the company.")


class Loop:
    """One company in one workspace, from the import of its history to the read-outs.

    Parameters
    ----------
    live
        The company at its first day.
    folder
        Where the workspace is made.
    until_week
        The last week that is lived.
    """

    def __init__(self, live: Live, folder: Path, *, until_week: int = 52) -> None:
        self.live, self.folder, self.until_week = live, folder, until_week
        self.workspace = Workspace.create(folder / "workspace", timezone=live.company.zone)
        self.document = loop_map(live.company)
        self.batches: list[Batch] = []
        self.post = Post()
        self.seq = 0
        self.met: set[str] = set()
        self.sent: set[str] = set()
        self.protests: list[tuple[str, int]] = []
        self.plans: dict[str, PlanSize | None] = {}
        self.ended: set[str] = set()
        self.answers: dict[int, list[Consent]] = defaultdict(list)

    def run(self, tell: Callable[[str, float], None] = lambda _what, _done: None) -> list[Driven]:
        """Live the whole year and return what came of each intervention."""
        with held_open(self.workspace):
            return self._run(tell)

    def _run(self, tell: Callable[[str, float], None]) -> list[Driven]:
        first = week_day(self.live.plan.first_week)
        self._import(round(first))
        self._start()
        days = self.until_week * 7 - round(first)
        for day in range(days):
            self._day()
            self._mind(self.live.now_ms * 1000)
            if day % 7 == 6:
                tell(f"week {self.live.plan.first_week + day // 7}", (day + 1) / days)
        return [self._read(one) for one in EXPERIMENTS]

    @property
    def start_us(self) -> int:
        """Return when the programs begin."""
        first = round(week_day(self.live.plan.first_week))
        return self.live.begin_ms * 1000 + first * DAY_US

    def keep(self) -> None:
        """Import what was fed, so that the workspace's pages show the whole year."""
        mapping = self.folder / "fed.yaml"
        mapping.write_text(mapping_of(FED))
        read = collect.load_mapping(mapping)
        collect.import_files(self.workspace, [self.folder / FED], mapping=read)

    def _import(self, days: int) -> None:
        """Import the weeks before the programs like any file, and what people agreed to."""
        self.batches.append(self.live.until(self.live.begin_ms * 1000 + days * DAY_US))
        events = list(self._events(self.batches[0]))
        path = self.folder / "history.jsonl"
        with path.open("w") as out:
            out.writelines(line_of(one) for one in events)
        (self.folder / "mapping.yaml").write_text(mapping_of(path.name))
        mapping = collect.load_mapping(self.folder / "mapping.yaml")
        collect.import_files(self.workspace, [path], mapping=mapping)
        self.seq = self.workspace.snapshot().seq
        self.sent.update(one.message_id for one in events)
        # An import does not keep a property that differs for everybody beside the journeys.
        self.met.clear()
        self._agree(events)

    def _agree(self, events: Sequence[ArrivedEvent]) -> None:
        """Write down what was agreed so far, and keep what comes later for its day."""
        now = self.live.now_ms * 1000
        for one in self.live.consents():
            for channel, purpose in PURPOSES.get(one.purpose, ()):
                said = Consent(one.person, channel, purpose, True, one.given_us, "At sign-up.")  # noqa: FBT003
                self.answers[max(one.given_us, now) // DAY_US].append(said)
                if one.withdrawn_us is not None:
                    gone = replace(said, given=False, at_us=one.withdrawn_us, proof="Asked for it.")
                    self.answers[max(one.withdrawn_us, now) // DAY_US].append(gone)
        mutes = [one for one in events if one.name == MUTED]
        act.give_consents(self.workspace, self.answers.pop(now // DAY_US, ()))
        act.give_consents(
            self.workspace,
            [
                Consent(one.entity, "email", "product", False, one.time_us, "Unsubscribed.")  # noqa: FBT003
                for one in mutes
            ],
        )

    def _start(self) -> None:
        """Save the map, plan every experiment from the history, and start the programs."""
        self.workspace.save_map(MAP, dump_map(self.document), author=AUTHOR)
        journeys = Journeys(self.workspace.snapshot())
        now_us = self.live.now_ms * 1000
        for one in EXPERIMENTS:
            try:
                plan = plan_size(one, journeys, document=self.document, revision=1)
            except NotSupported:
                self.plans[one.program] = None
                continue
            self.plans[one.program] = plan
            self._lock(one, dump_plan(plan), now_us=now_us)
        for text in documents().values():
            kept = act.save_program(self.workspace, text, author=AUTHOR)
            act.start_program(self.workspace, kept.program.id, now_us=now_us)

    def _lock(self, experiment: Experiment, plan: str, *, now_us: int) -> None:
        """Write an experiment down with its plan, lock it, and begin it."""
        records, text = Experiments(self.workspace), dump_experiment(experiment)
        records.write(experiment.id, text, author=AUTHOR, at_us=now_us)
        records.lock(experiment.id, document=text, plan=plan, at_us=now_us)
        records.begin(experiment.id, at_us=now_us)

    def _day(self) -> None:
        """Live one day: events come in, programs decide and send, the company takes what was sent."""
        begin = self.live.now_ms * 1000
        messages, self.post.taken = self.post.taken, []
        batch = self.live.next_day(messages)
        self.batches.append(batch)
        act.give_consents(self.workspace, self.answers.pop(begin // DAY_US, ()))
        events = list(self._new(batch))
        self.protests += [(one.entity, one.time_us) for one in events if one.name == MUTED]
        last = 0
        for hour in HOURS:
            tick = begin + hour * HOUR_US if hour < 24 else begin + DAY_US - 1
            some = [
                one
                for one in events
                if last <= one.time_us < tick or (last == 0 and one.time_us < tick)
            ]
            self._tick(some if hour < 24 else [one for one in events if one.time_us >= last], tick)
            last = tick

    def _tick(self, events: Sequence[ArrivedEvent], now_us: int) -> None:
        numbered = [replace(one, seq=self.seq + k + 1) for k, one in enumerate(events)]
        self.seq += len(numbered)
        with (self.folder / FED).open("a") as out:
            out.writelines(line_of(one) for one in numbered)
        self.post.now_us = now_us
        act.feed(self.workspace, numbered, now_us=now_us)
        act.decide_due(self.workspace, now_us)
        act.deliver(self.workspace, self.post, now_us=now_us)

    def _new(self, batch: Batch) -> Iterable[ArrivedEvent]:
        """Yield what did not come before: an event that was sent again is one event."""
        for one in self._events(batch):
            if one.message_id not in self.sent:
                self.sent.add(one.message_id)
                yield one

    def _events(self, batch: Batch) -> Iterable[ArrivedEvent]:
        """Yield a batch as events; the first one of each person carries the address."""
        for one in arrived(self.live, batch, first_seq=0):
            if one.entity in self.met:
                yield one
                continue
            self.met.add(one.entity)
            address = {"email": f"{one.entity}@people.{MAP}.example"}
            yield replace(one, properties={**one.properties, **address})

    def _mind(self, now_us: int) -> None:
        """End what a guardrail stops, and the tips when their weeks are over."""
        for one in EXPERIMENTS:
            kept = act.program(self.workspace, one.program)
            if kept.record.state == "running":
                self._mind_one(one, now_us)
            kept = act.program(self.workspace, one.program)
            if kept.record.state != "running" and one.id not in self.ended:
                self.ended.add(one.id)
                if self.plans[one.program] is not None:
                    why = kept.record.why or OVER
                    at_us = kept.record.stopped_us or now_us
                    Experiments(self.workspace).end(one.id, why=why, author=AUTHOR, at_us=at_us)

    def _mind_one(self, experiment: Experiment, now_us: int) -> None:
        rows, plan = self._decisions(experiment.program), self.plans[experiment.program]
        usual = plan.usual_protests if plan is not None else None
        protests = self._protests(rows) if experiment.protest is not None else []
        said = guardrail(rows, protests, until_us=now_us, usual=usual)
        last = self.live.plan.kind(experiment.program).weeks[1]
        over = now_us >= self.live.begin_ms * 1000 + round(week_day(last + 1)) * DAY_US
        if said.stop or over:
            why = said.sentence if said.stop else OVER
            act.stop_program(self.workspace, experiment.program, why=why, now_us=now_us)

    def _decisions(self, program: str) -> list[Decision]:
        """Return the decisions about those whom the program is for; both arms are asked alike."""
        rows = Ledger(self.workspace).rows(program=program)
        return [one for one in rows if "left_audience" not in one.reasons]

    def _protests(self, rows: Sequence[Decision]) -> list[Protest]:
        unit = {one.entity: one.unit for one in rows}
        return [Protest(unit[person], at, MUTED) for person, at in self.protests if person in unit]

    def _read(self, experiment: Experiment) -> Driven:
        """Take the read-out of one experiment from everything that came in."""
        rows = self._decisions(experiment.program)
        plan = self.plans[experiment.program]
        reading = read_out(
            experiment,
            rows,
            journeys=Journeys(seen_by_all(self.live, self.batches)),
            document=self.document,
            planned_units=plan.units if plan is not None else 10**9,
            usual=plan.usual_protests if plan is not None else None,
        )
        record = act.program(self.workspace, experiment.program).record
        return Driven(
            kind=experiment.program,
            sent=sum(one.action == "send" for one in rows),
            decided=len(rows),
            stopped_us=record.stopped_us,
            stopped_why=record.why,
            reading=reading,
        )

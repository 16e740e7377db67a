"""How many sessions there are, how long and busy they are, and what they begin and end with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from pathworth.base.durations import Duration
from pathworth.journeys import Engine, Journeys, local_engine
from pathworth.measure import rules
from pathworth.measure.asking import Behind, Pair, as_of, param, unknown_cell
from pathworth.measure.cells import quoted
from pathworth.measure.diff.sessions import compared
from pathworth.measure.split import Parts, parts_by
from pathworth.measure.visits.contracts import Sessions, SessionsDiff, SessionsOf
from pathworth.measure.visits.cutting import SIDES, Cutting, InSessions
from pathworth.measure.visits.spreads import Figures, counted


@dataclass(frozen=True, kw_only=True)
class AskSessions:
    """How many sessions there are, how long and busy the middle one is, and what they begin and end with."""

    word: ClassVar[str] = "sessions"
    gap: str | None = param(
        None, "A longer pause starts a new session, 30m; by an id or event: of=session(id=COLUMN)."
    )
    by: str | None = param(None, "Breaks the answer down by a trait.")

    def answer(self, journeys: Journeys, *, engine: Engine) -> Sessions:
        """Return the sessions of a selection; raises as the rules of ``measure.rules`` say."""
        cutting = self.cutting(journeys, engine)
        found = counted(_people(journeys), cutting, engine=engine)
        whole = found.figures()
        return Sessions(
            sessions=whole.sessions,
            entities=whole.entities,
            median_events=whole.median_events,
            median_seconds=whole.median_seconds,
            median_events_interval=whole.events.quartile_intervals[1] if whole.sessions else None,
            median_seconds_interval=whole.seconds.quartile_intervals[1] if whole.sessions else None,
            why=whole.why,
            events=whole.events,
            seconds=whole.seconds,
            per_entity=whole.per_entity,
            begins=found.edges(0, journeys.snapshot.names),
            ends=found.edges(1, journeys.snapshot.names),
            excluded=dict(journeys.snapshot.excluded),
            as_of=as_of(journeys),
            by=None if cutting.parts is None else _parts(cutting.parts, found),
            overlap=None if self.by is None else 0,
        )

    def behind(self, journeys: Journeys, cell: str, *, engine: Engine) -> Behind:
        """Return who stands behind ``entities`` (``entities | VALUE``), ``begins EVENT`` or ``ends EVENT``."""
        cutting, people = self.cutting(journeys, engine), _people(journeys)
        whole, _, value = cell.partition(" | ")
        if whole == "entities" and (cutting.parts is not None or not value):
            part = cutting.parts.place(value) if cutting.parts is not None and value else None
            return Behind(InSessions(cutting, SIDES[whole], part=part), people)
        word, _, event = cell.partition(" ")
        names = {quoted(name): code for code, name in enumerate(journeys.snapshot.names)}
        if word not in {"begins", "ends"} or event not in names:
            known = [f"{one} {name}" for name in names for one in ("begins", "ends")]
            raise unknown_cell(cell, ["entities", *known])
        return Behind(InSessions(cutting, SIDES[word], names[event]), people)

    def differ(self, pair: Pair, *, engine: Engine) -> SessionsDiff:
        """Return how the sessions of B differ from those of A; breakdowns stay aside."""
        whole = replace(self, by=None)
        a, b = (whole.answer(one, engine=engine) for one in pair)
        cuts = [replace(whole.cutting(one, engine), names=0) for one in pair]
        sides = (_people(pair[0]), _people(pair[1]))
        return compared(sides, (cuts[0], cuts[1]), answers=(a, b), engine=engine)

    def cutting(self, journeys: Journeys, engine: Engine) -> Cutting:
        """Return the fold."""
        rules.check_period(journeys)
        cut = rules.check_cut(journeys, self.gap)
        trait = None if self.by is None else rules.split_trait(self.by, journeys.snapshot)
        parts = parts_by(_people(journeys), trait, engine=engine)
        return Cutting(cut, len(journeys.snapshot.names), parts)


def sessions(
    journeys: Journeys,
    *,
    gap: Duration | None = None,
    by: str | None = None,
    engine: Engine | None = None,
) -> Sessions:
    """Cut journeys into sessions and say how many, how long and how busy they are.

    Parameters
    ----------
    journeys
        Whose, and which events; with ``of=session(id=COLUMN)``, ``of=session(event=NAME)`` or ``holding=`` these
        units are the sessions.
    gap
        A longer pause starts a new session; 30 minutes unless given.
    by
        Splits entities by their last known value of a trait.
    engine
        Where folds run; threads of this process unless given.

    Raises
    ------
    Refused
        As the rules of ``measure.rules`` say.
    """
    ask = AskSessions(gap=gap, by=by)  # type: ignore[arg-type]  # a timedelta serves as well
    return ask.answer(journeys, engine=engine or local_engine())


def _people(journeys: Journeys) -> Journeys:
    """Return the selection as whole journeys: what they are cut into is the question itself."""
    return replace(journeys, slicing=None)


def _parts(parts: Parts, found: Figures) -> tuple[SessionsOf, ...]:
    """Return the sessions of every value that anybody has."""
    made = []
    for place, (value, others) in enumerate(
        zip(parts.split.labels, parts.split.others, strict=True)
    ):
        one = found.figures(place)
        if not one.sessions:
            continue
        made.append(
            SessionsOf(
                value,
                one.sessions,
                one.entities,
                one.median_events,
                one.median_seconds,
                one.events,
                one.seconds,
                one.per_entity,
                others,
            )
        )
    return tuple(made)

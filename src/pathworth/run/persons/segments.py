"""Saved segments: named predicates over people, with every definition that each had, and who uses them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from pathworth import act, atlas, learn, store
from pathworth.base import predicate as p
from pathworth.base.errors import BadInput, PathworthError, Refused
from pathworth.base.instants import to_instant_us, to_iso
from pathworth.base.period import FOREVER_US
from pathworth.base.segments import Segment, SegmentRevision
from pathworth.journeys import AsOf, Names, Step, entity_mask, reached, trait_rule
from pathworth.run.persons.nearest import Nearest, nearest_deed
from pathworth.run.privacy.sensitive import warnings
from pathworth.run.workspace import Workspace
from pathworth.store import Snapshot

_LONGEST = 100


@dataclass(frozen=True)
class Definition:
    """One definition of a segment.

    Parameters
    ----------
    revision
        Its number, from 1.
    who
        Predicate over people.
    map_name, steps
        The map whose steps it names, and these steps with their rules as they were when it was saved.
    author, saved
        Who saved it, and when.
    counts_from
        From when it counts: since ever for the first one, null.
    """

    revision: int
    who: str
    map_name: str | None
    steps: tuple[tuple[str, str], ...]
    author: str
    saved: str
    counts_from: str | None


@dataclass(frozen=True)
class SegmentLine:
    """A segment in a list: its newest definition, and how many people are in it now.

    ``people`` is null, and ``trouble`` says why, when the definition can no longer be read.
    """

    name: str
    who: str
    revision: int
    author: str
    saved: str
    people: int | None
    trouble: str | None


@dataclass(frozen=True)
class SegmentView:
    """A segment at an instant.

    Parameters
    ----------
    name
        Its name.
    at
        The instant that is asked about; null for the end of the data.
    counts
        The definition that counts then.
    people, of
        How many people were in it then, of how many there are.
    revisions
        Every definition, oldest first.
    used_by
        What names it.
    nearest
        What people did that tells them best, where the definition speaks of traits alone.
    trouble
        Why it has no people, when the definition can no longer be read.
    warnings
        What its author should know of the columns that it reads.
    """

    name: str
    at: str | None
    counts: Definition
    people: int | None
    of: int
    revisions: tuple[Definition, ...]
    used_by: tuple[str, ...]
    nearest: Nearest | None
    trouble: str | None
    as_of: AsOf
    warnings: tuple[str, ...] = ()


class Segments:
    """The segments of a workspace: ``workspace.segments``.

    Parameters
    ----------
    workspace
        The opened workspace.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._kept = store.Segments(workspace.store)

    def list(self) -> tuple[SegmentLine, ...]:
        """Return every segment by name."""
        snapshot = self._workspace.store.snapshot()
        return tuple(_line(snapshot, one) for one in self._kept.all())

    def show(self, name: str, *, at: str | None = None) -> SegmentView:
        """Return a segment, now or at an instant of the past.

        Parameters
        ----------
        name
            Its name.
        at
            ISO date or instant: who was in it just before, by the definition that counted then.

        Raises
        ------
        UnknownName
            ``UNKNOWN_SEGMENT`` with near names.
        """
        segment, snapshot = self._kept.get(name), self._workspace.store.snapshot()
        until = None if at is None else to_instant_us(at, snapshot.timezone)
        chosen, trouble = _members(snapshot, name, until)
        counts = segment.newest if until is None else segment.at(until)
        return SegmentView(
            name=name,
            at=None if until is None else to_iso(until),
            counts=_definition(segment, counts),
            people=None if trouble else sum(int(np.count_nonzero(one)) for one in chosen),
            of=snapshot.entities,
            revisions=tuple(_definition(segment, one) for one in segment.revisions),
            used_by=tuple(self.users(name)),
            nearest=None if trouble else _nearest(snapshot, counts, chosen),
            trouble=trouble,
            as_of=AsOf(snapshot.id, snapshot.seq),
            warnings=self._warnings(name, counts),
        )

    def save(
        self, name: str, who: str, *, map_name: str | None = None, author: str = ""
    ) -> SegmentView:
        """Keep a predicate over people under a name, as its next definition.

        It counts from now on; before the first definition that one counts. The steps that it names are those of
        a map, the first one unless said, with their rules as they are now: a change of the map changes no segment.

        Parameters
        ----------
        name
            What these people are.
        who
            Predicate over people.
        map_name
            The map whose steps ``did`` and ``matches`` may name.
        author
            Who says so.

        Raises
        ------
        BadInput
            ``NO_SEGMENT_NAME``.
        Refused
            ``SEGMENT_CYCLE`` when it would be asked for inside itself.
        WrongUsage, UnknownName
            Whatever is wrong with the predicate, at its character.
        """
        name = name.strip()
        if not 0 < len(name) <= _LONGEST:
            why = f"A segment has a name of 1 to {_LONGEST} characters."
            raise BadInput("NO_SEGMENT_NAME", why, "Name it: regulars.")
        document = self._workspace.known_map(map_name)
        steps = () if document is None else _named(p.parse(who), document)
        known = document.name if document is not None and steps else None
        now_us = time.time_ns() // 1000
        made = SegmentRevision(1, who, author, now_us, steps, known)
        self._check(name, made)
        self._kept.save(name, made)
        return self.show(name)

    def delete(self, name: str, *, author: str = "") -> tuple[SegmentLine, ...]:
        """Take a segment away, and return those that are left; its definitions stay for who saves it again.

        Raises
        ------
        UnknownName
            ``UNKNOWN_SEGMENT`` with near names.
        Refused
            ``SEGMENT_IN_USE`` while a segment, program, map, exclusion or experiment names it.
        """
        self._kept.get(name)
        users = tuple(self.users(name))
        if users:
            raise Refused(
                "SEGMENT_IN_USE",
                f"{name!r} is named by {', '.join(users)}.",
                "Take it out there first; then delete it.",
            )
        self._kept.delete(name, author=author, at_us=time.time_ns() // 1000)
        return self.list()

    def users(self, name: str) -> Iterator[str]:
        """Yield what names a segment, each kind in order of names."""
        for what, rules in self._rules():
            if any(_names(rule, name) for rule in rules):
                yield what

    def _warnings(self, name: str, counts: SegmentRevision) -> tuple[str, ...]:
        """Return what the author of a definition should know of what it reads, its steps included."""
        rules = (counts.who, *(rule for _, rule in counts.steps))
        held, of = self._workspace.store, f"the segment {name!r}"
        found = (one for rule in rules for one in warnings(held, rule, of=of))
        return tuple(dict.fromkeys(found))

    def _rules(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield everything that holds predicates, with them."""
        held = self._workspace.store
        for one in self._kept.all():
            rules = (one.newest.who, *(rule for _, rule in one.newest.steps))
            yield f"the segment {one.name!r}", rules
        for kept in act.programs(held):
            said = kept.program
            texts = (said.who, said.exit, said.guardrail and said.guardrail.event)
            yield f"the program {said.id!r}", tuple(text for text in texts if text)
        for revision in held.maps():
            document = atlas.load_map(revision.document)
            rules = tuple(step.rule for step in document.steps if step.rule)
            signs = tuple(sign.rule for _, sign in document.signs())
            yield f"the map {revision.name!r}", rules + signs
        for rule in store.Exclusions(held).all():
            yield f"the exclusion {rule.name!r}", (rule.who,) if rule.who else ()
        for record in store.Experiments(held).all():
            protest = learn.load_experiment(record.document).protest
            yield f"the experiment {record.id!r}", (protest,) if protest else ()

    def _check(self, name: str, made: SegmentRevision) -> None:
        """Refuse a definition that cannot be answered, or that asks for itself."""
        snapshot = self._workspace.store.snapshot()
        before = {one.name: one for one in snapshot.segments}
        revisions = (*before[name].revisions, made) if name in before else (made,)
        others = {**before, name: Segment(name, revisions)}
        then = replace(snapshot, segments=tuple(others.values()))
        tuple(reached(p.InSegment(name), Names((), then.segments)))
        if snapshot.events:
            # Bound as it was written, so that errors point at its own characters.
            trait_rule(then, made.who, steps=tuple(Step(*one) for one in made.steps))


def _named(predicate: p.Predicate, document: atlas.MapDocument) -> tuple[tuple[str, str], ...]:
    """Return the steps of a map that a predicate names, with their rules."""
    words = set()
    for one in p.functions(predicate):
        if isinstance(one, p.Did):
            words.add(one.step)
        elif isinstance(one, p.Matches):
            words |= {name.name for name in one.pattern.names}
    found = {step.name: step.rule for step in reversed(document.named_steps())}
    return tuple((word, found[word]) for word in sorted(words & found.keys()))


def _names(rule: str, segment: str) -> bool:
    """Return whether a predicate names a segment; one that cannot be read names none."""
    try:
        return any(one == p.InSegment(segment) for one in p.functions(p.parse(rule)))
    except PathworthError:
        return False


def _members(
    snapshot: Snapshot, name: str, until_us: int | None
) -> tuple[list[np.ndarray], str | None]:
    """Return bool[n_entity] per shard: who is in a segment; and why nobody is, when it cannot be read."""
    asked = p.InSegment(name)
    try:
        return [
            entity_mask(snapshot, shard, who=asked, until_us=until_us).view(bool)
            & snapshot.shown(place)
            for place, shard in enumerate(snapshot.shards)
        ], None
    except PathworthError as error:
        return [], f"{error.message} {error.hint}"


def _nearest(
    snapshot: Snapshot, counts: SegmentRevision, chosen: list[np.ndarray]
) -> Nearest | None:
    """Return what people did that tells them best, where the definition speaks of traits alone."""
    spoken = p.parse(counts.who)
    return None if any(p.functions(spoken)) else nearest_deed(snapshot, chosen)


def _line(snapshot: Snapshot, segment: Segment) -> SegmentLine:
    chosen, trouble = _members(snapshot, segment.name, None)
    newest = segment.newest
    return SegmentLine(
        name=segment.name,
        who=newest.who,
        revision=newest.revision,
        author=newest.author,
        saved=to_iso(newest.saved_us),
        people=None if trouble else sum(int(np.count_nonzero(one)) for one in chosen),
        trouble=trouble,
    )


def _definition(segment: Segment, one: SegmentRevision) -> Definition:
    begin = next(begin for begin, _, other in segment.spans() if other is one)
    return Definition(
        revision=one.revision,
        who=one.who,
        map_name=one.map_name,
        steps=one.steps,
        author=one.author,
        saved=to_iso(one.saved_us),
        counts_from=None if begin <= -FOREVER_US else to_iso(begin),
    )

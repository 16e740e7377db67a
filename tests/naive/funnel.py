"""Slow, obvious twins of the kernels in `pathworth.kernels.folds.funnel*`: every attempt is tried."""

from __future__ import annotations

import itertools
from dataclasses import dataclass


def journeys(offset, codes, hits, time_us, keep):
    """Return every entity's kept events as (set of steps, time)."""
    for first, last in itertools.pairwise(offset):
        yield [
            ({k for k in range(64) if int(hits[codes[i]]) >> k & 1}, int(time_us[i]))
            for i in range(int(first), int(last))
            if len(keep) == 0 or keep[i]
        ]


def ordered(events, steps, within_us):
    """Return the most steps of any attempt: from each start, every step at its first chance."""
    return max((attempt(events[i:], steps, within_us) for i in range(len(events))), default=0)


def attempt(events, steps, within_us):
    level, start = 0, events[0][1]
    for can, now in events:
        if level == 0 and 0 not in can:
            return 0
        if level < steps and level in can and now - start <= within_us:
            level += 1
    return level


def strict(events, steps, within_us):
    """Return the most steps that follow each other without another event between."""
    best = 0
    for i in range(len(events)):
        level, start = 0, events[i][1]
        for can, now in events[i:]:
            if level == steps or level not in can or now - start > within_us:
                break
            level += 1
        best = max(best, level)
    return best


def any_order(events, steps, within_us):
    """Return the most steps that the events of one window can serve, one each."""
    best = 0
    for i in range(len(events)):
        window = [can for can, now in events[i:] if now - events[i][1] <= within_us]
        best = max(best, matching(window, steps))
    return best


def matching(window, steps):
    """Return the size of the largest matching of events and steps (Kuhn 1955)."""
    event_of = {}

    def place(event, tried):
        for step in range(steps):
            if step in window[event] and step not in tried:
                tried.add(step)
                if step not in event_of or place(event_of[step], tried):
                    event_of[step] = event
                    return True
        return False

    return sum(place(event, set()) for event in range(len(window)))


def soonest(twin, events, steps, within_us):
    """Return for each step taken when it is first reached, and the begin of the attempt of those that began last.

    The first event at which so many steps are taken is found, then the last start that still takes them.
    """
    found = []
    for level in range(1, twin(events, steps, within_us) + 1):
        ends = range(1, len(events) + 1)
        end = next(i for i in ends if twin(events[:i], steps, within_us) >= level)
        begins = range(end)
        start = max(i for i in begins if twin(events[i:end], steps, within_us) >= level)
        found.append((events[end - 1][1], events[start][1]))
    return found


@dataclass(frozen=True)
class Ask:
    """A funnel with everything: which steps must be taken, windows, what breaks off, and whether it is strict.

    ``exclude`` holds (i, j, bit): no event with that bit strictly between the events of steps i and j.
    """

    must: tuple[bool, ...]
    within_us: int
    step_within_us: int
    strict: bool = False
    exclude: tuple[tuple[int, int, int], ...] = ()

    @property
    def musts(self):
        return [k for k, needed in enumerate(self.must) if needed]


def every_attempt(events, ask):
    """Yield every attempt there can be, as a list of (step, place of its event)."""

    def longer(attempt):
        step, place = attempt[-1]
        for later in range(place + 1, len(events)):
            for following in range(step + 1, len(ask.must)):
                grown = [*attempt, (following, later)]
                if following in events[later][0] and valid(grown, events, ask):
                    yield grown
                    yield from longer(grown)

    for place, (can, _) in enumerate(events):
        if 0 in can:
            yield [(0, place)]
            yield from longer([(0, place)])


def valid(attempt, events, ask):
    """Say whether an attempt keeps every rule."""
    steps, places = zip(*attempt, strict=True)
    times = [events[place][1] for place in places]
    passed = set(range(steps[-1])) - set(steps)
    if any(ask.must[k] for k in passed) or times[-1] - times[0] > ask.within_us:
        return False
    pairs = list(itertools.pairwise(places))
    if any(events[b][1] - events[a][1] > ask.step_within_us for a, b in pairs):
        return False
    if ask.strict and any(b != a + 1 for a, b in pairs):
        return False
    for first, last, bit in ask.exclude:
        if first not in steps:
            continue
        begin = places[steps.index(first)]
        end = next((place for step, place in attempt if step >= last), places[-1])
        if any(bit in events[place][0] for place in range(begin + 1, end)):
            return False
    return True


def reached(events, ask):
    """Return the steps that count: those that must be taken, as far as any attempt comes, and of the others each
    that an attempt takes which comes so far."""
    best, found = 0, set()
    for attempt in every_attempt(events, ask):
        steps = [step for step, _ in attempt]
        level = sum(ask.must[step] for step in steps)
        if level > best:
            best, found = level, set()
        if level == best:
            found |= set(steps)
    return found


def first_reached(events, ask):
    """Return of every step any attempt takes when it is first taken, and the begin of the attempt that began last."""
    found = {}
    for attempt in every_attempt(events, ask):
        step, place = attempt[-1]
        now = found.setdefault(step, (place, attempt[0][1]))
        if place < now[0] or (place == now[0] and attempt[0][1] > now[1]):
            found[step] = (place, attempt[0][1])
    return {k: (events[a][1], events[b][1]) for k, (a, b) in found.items()}


def cuts(events, spans, levels):
    """Return the places at which attempts begin, of (first, last) places per level, as far as they do not overlap.

    ``spans(part)`` returns (level, first, last) of every attempt inside a part of the events.
    """
    free, begins = [range(len(events))], []
    for level in sorted(levels, reverse=True):
        left = []
        for part in free:
            rest = part
            while found := [
                (last, -first)
                for reached_level, first, last in spans(events[rest.start : rest.stop])
                if reached_level == level
            ]:
                last, first = min(found)[0] + rest.start, -min(found)[1] + rest.start
                left.append(range(rest.start, first))
                begins.append(first)
                rest = range(last + 1, rest.stop)
            left.append(rest)
        free = left
    return sorted(begins)


def spans_of(ask):
    """Return the spans of attempts that end at a step that must be taken."""

    def spans(events):
        for attempt in every_attempt(events, ask):
            step, place = attempt[-1]
            if ask.must[step]:
                yield step, attempt[0][1], place

    return spans


def spans_in_any_order(steps, within_us):
    """Return the spans in which so many steps can be taken in any order."""

    def spans(events):
        for first, last in itertools.combinations_with_replacement(range(len(events)), 2):
            if events[last][1] - events[first][1] <= within_us:
                yield matching([can for can, _ in events[first : last + 1]], steps), first, last

    return spans


def most_apart(spans):
    """Return how many of some (first, last) can be chosen so that none overlap, trying every choice."""
    best = 0
    for _, last in spans:
        best = max(best, 1 + most_apart([one for one in spans if one[0] > last]))
    return best

"""The letters of the demo company, person by person and letter by letter: the slow twin of a file beside the events."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from tests.naive.company import DAY_MS, EPOCH, TWO32, Market, Naive, Person
from tests.naive.philox import pair

MAIL = 52
HOUR_MS, MINUTE_MS = 3_600_000, 60_000


def naive_letters(company, *, people, seed):
    """Return the lines of ``emails.csv`` of a small world, header and all."""
    world = Naive(company, people, seed, "R3")
    everybody = world.run()
    home = Person(0, 0)
    home.hours = 1
    begin, end = (world.utc(home, day * DAY_MS) for day in (0, int(world.window)))
    market = Market(world, everybody, [], begin, end)
    rows = []
    for person in everybody:
        events = [event for event in person.events if begin <= event[0] < end]
        known = [event[0] for event in events if market.own(event)]
        if known:
            rows += letters_to(world, person, min(known), max(e[0] for e in events), (begin, end))
    rows.sort(key=lambda row: row[:2])
    header = "Email,Campaign,Sent at,Opened at,Clicked at,Unsubscribed at"
    return [header, *(",".join(row[2]) for row in rows)]


def letters_to(world, person, known, seen, window):
    what, number = world.company.mail, int(person.id[1:], 16)
    begin, end = window

    def ask(place, index=0):
        return pair(world.seed, (number % TWO32, number // TWO32 + place * 65_536, index, MAIL))

    agrees, phase = ask(0)
    if agrees >= what.product:
        return
    every = what.every_days * DAY_MS
    first = known + np.floor(phase * every)
    until = min(seen + what.after_days * DAY_MS, end - 1)
    k = 0
    while first + k * every <= until:
        sent = int(first + k * every)
        leaves = ask(1, 1000 + k)[0] < what.leaves
        opens, clicks = ask(1, k)
        one, two = (np.float64(x) for x in ask(2, k))
        normal = np.sqrt(-2.0 * np.log(1.0 - one)) * np.cos(2.0 * np.pi * two)
        wait = what.opens_hours * np.exp(what.opens_sigma * normal) * HOUR_MS
        opened = sent + int(np.floor(wait)) + MINUTE_MS
        pause = 1.0 + what.clicks_minutes * ask(2, 1000 + k)[0]
        then = opened + int(np.floor(pause * MINUTE_MS))
        read = (opens < what.opens or leaves) and begin <= then < end
        cells = [address(world.company, person), what.campaigns[k % len(what.campaigns)]]
        cells += [text(sent), text(opened) if read else ""]
        cells.append(text(then) if read and clicks < what.clicks and not leaves else "")
        cells.append(text(then) if read and leaves else "")
        yield sent, person.index, cells
        if leaves:
            return
        k += 1


def address(company, person):
    names, number = company.names, int(person.id[1:], 16)
    rest, first = divmod(number, len(names.first))
    owner = person.owner.id
    firm = names.firm[int(owner[1:], 16) % len(names.firm)]
    name = f"{names.first[first]}.{names.last[rest % len(names.last)]}".lower()
    return f"{name}.{person.id[-4:]}@{firm}-{owner[-6:]}.example"


def text(ms):
    return (EPOCH + timedelta(milliseconds=ms)).strftime("%Y-%m-%d %H:%M:%S")

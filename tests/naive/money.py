"""What entities paid by the age at which they did, one entity and one age at a time."""

from __future__ import annotations


def first_of(events, role):
    """Return the place of the first event (role bits, kept) of a role, -1 for none."""
    places = [k for k, (roles, kept) in enumerate(events) if kept and roles & role]
    return places[0] if places else -1


def paid_by_age(events, *, width, ages):
    """Return what each age brought, from events (time, pays, amount) of one entity that begins with the first."""
    found = [0] * ages
    paid = [False] * ages
    for time, pays, amount in events:
        age = (time - events[0][0]) // width
        if pays and amount and age < ages:
            found[age] += amount
            paid[age] = True
    return found, paid.index(True) if any(paid) else -1

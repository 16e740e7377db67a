"""Small worlds of one source: people who come in pairs of events, day after day."""

from __future__ import annotations

from datetime import date

import numpy as np

from pathworth.collect import SourceEvents, Values

FIRST = date(2026, 1, 5)


def source(events, *, days, names=None):
    """Return events (entity, name, day, {property: text}) as an audit takes them."""
    names = names or sorted({name for _, name, _, _ in events})
    order = sorted(range(len(events)), key=lambda k: (events[k][0], events[k][2], k))
    rows = [events[k] for k in order]
    properties = sorted({key for *_, said in rows for key in said})
    columns = {}
    for key in properties:
        texts = sorted({said[key] for *_, said in rows if key in said})
        codes = [texts.index(said[key]) + 1 if key in said else 0 for *_, said in rows]
        columns[key] = Values(np.array(codes, np.uint16), tuple(texts))
    day = np.array([one[2] for one in rows], np.int64)
    return SourceEvents(
        source="web",
        names=tuple(names),
        first_day=FIRST,
        days=days,
        entity=np.array([one[0] for one in rows], np.int64),
        name=np.array([names.index(one[1]) for one in rows], np.int64),
        day=day,
        second=day * 86_400 + np.arange(len(rows)) % 86_400,
        columns=columns,
    )


def orders(*, days, a_day, seed, loses=lambda day, app: False):
    """Return events of shops: who opens a basket orders in 9 of 10 cases, unless ``loses`` says it is not sent."""
    rng = np.random.default_rng(seed)
    found, entity = [], 0
    for day in range(days):
        for _ in range(rng.poisson(a_day)):
            entity += 1
            app = str(rng.choice(["ios", "android", "web"], p=[0.3, 0.3, 0.4]))
            said = {"app": app, "land": str(rng.choice(["nl", "de"]))}
            found.append((entity, "look", day, said))
            if rng.random() < 0.5:
                found.append((entity, "basket", day, said))
                if rng.random() < 0.9 and not loses(day, app):
                    found.append((entity, "order", day, said))
    return found

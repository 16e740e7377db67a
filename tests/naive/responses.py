"""Answers weighted for who does not answer: plain lists and dicts, and another way to the fit."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
from scipy import optimize

DAY_US = 86_400_000_000


def journeys(rows, columns):
    """Return the events of each person in order, each a dict of what it says."""
    found = {}
    for k, (person, event, time) in enumerate(rows):
        said = {name: values[k] for name, values in columns.items() if values[k] is not None}
        found.setdefault(person, []).append({**said, "event": event, "time": time, "seq": k})
    return {
        who: sorted(events, key=lambda e: (e["time"], e["seq"])) for who, events in found.items()
    }


def asked_people(rows, columns, *, asked, answered, answer, window_us, properties):
    """Return what is known of everybody who was asked, in the order in which they were."""
    people = []
    for events in journeys(rows, columns).values():
        places = [k for k, e in enumerate(events) if asked(e)]
        if not places:
            continue
        at = places[0]
        moment, before = events[at], events[:at]
        after = [e for e in events[at:] if answered(e)]
        said = [e[answer] for e in after if answer in e]
        person = {"seq": moment["seq"], "answer": said[0] if said else None, "empty": bool(after)}
        person["last"] = {
            name: next((e[name] for e in reversed(before) if name in e), None)
            for name in properties
        }
        recent = [e for e in before if e["time"] >= moment["time"] - window_us]
        person["events"] = len(recent)
        person["days"] = len({e["time"] // DAY_US for e in recent})
        person["since"] = (moment["time"] - events[0]["time"]) / DAY_US
        person["money"] = sum(max(e.get("value", 0), 0) for e in recent)
        person["did"] = {e["event"] for e in before}
        people.append(person)
    return sorted(people, key=lambda one: one["seq"])


def raw_columns(people, *, properties, window):
    """Return what is known as lists of numbers by name, before they are standardised."""
    n = len(people)
    found = {
        f"events in {window} before": [math.log1p(one["events"]) for one in people],
        f"days with events in {window} before": [math.log1p(one["days"]) for one in people],
        "days since the first event": [math.log1p(one["since"]) for one in people],
        f"money in {window} before": [math.log1p(one["money"]) for one in people],
    }
    fits = lambda count: 0.05 * n - 1e-9 <= count <= 0.95 * n + 1e-9  # noqa: E731
    for name in properties:
        words = Counter(_word(one["last"][name]) for one in people if one["last"][name] is not None)
        ranked = sorted((-many, word) for word, many in words.items() if fits(many))[:8]
        for _, word in ranked:
            has = [float(_word(one["last"][name]) == word) for one in people]
            found[f"{name} = {word}"] = has
    done = Counter(name for one in people for name in one["did"])
    ranked = sorted((-many, name) for name, many in done.items() if fits(many))[:30]
    for _, name in ranked:
        found[f"did {name}"] = [float(name in one["did"]) for one in people]
    return found


def _word(value):
    return str(value).lower() if isinstance(value, bool) else value


def weights(people, columns):
    """Return one over the probability of an answer for those who gave one, by a general minimiser."""
    kept = []
    for name in sorted(columns):
        x = columns[name]
        mean = sum(x) / len(x)
        spread = math.sqrt(sum((one - mean) ** 2 for one in x) / len(x))
        if spread < 1e-12:
            continue
        z = [(one - mean) / spread for one in x]
        same = any(
            max(abs(a - sign * b) for a, b in zip(z, other, strict=True)) < 1e-9
            for other in kept
            for sign in (1, -1)
        )
        if not same:
            kept.append(z)
    x = np.array([[1.0] * len(people), *kept]).T
    r = np.array([one["answer"] is not None for one in people], float)
    held = np.array([0.0] + [1.0] * len(kept))

    def loss(beta):
        line = x @ beta
        value = np.log1p(np.exp(line)).sum() - r @ line + (held * beta**2).sum() / 2
        return value / len(r), (x.T @ (1 / (1 + np.exp(-line)) - r) + held * beta) / len(r)

    found = optimize.minimize(
        loss,
        np.zeros(x.shape[1]),
        jac=True,
        method="BFGS",
        options={"gtol": 1e-10, "maxiter": 5000},
    )
    inverse = 1 + np.exp(-(x @ found.x))
    mine = [w for w, said in zip(inverse.tolist(), r, strict=True) if said]
    most = (
        10 * sorted(mine)[len(mine) // 2]
        if len(mine) % 2
        else 5 * sum(sorted(mine)[len(mine) // 2 - 1 : len(mine) // 2 + 1])
    )
    return [min(w, most) for w in mine]


def weighted_mean(numbers, weight):
    return sum(a * b for a, b in zip(numbers, weight, strict=True)) / sum(weight)

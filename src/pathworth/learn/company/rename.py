"""The same world under other names, to show that findings follow the world and not its words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from pathworth.atlas import Contract, MapDocument, MapStep, Sign
from pathworth.learn.company.draws import Draws, Purpose
from pathworth.learn.company.events.sheet import ACCOUNT, SINCE
from pathworth.learn.company.maps import true_map
from pathworth.learn.company.world import Column, World

SOUNDS = "ba be bi bo bu da de di do du fa fe ga gi go ka ke ki ko la le li lo ma me mi mo na ne ni no pa pe"
MONEY = ("amount", "variable_cost")
WORD = re.compile(r"'[^']*'|[A-Za-z_]\w*")
GRAMMAR = {"event", "and", "or", "not", "in", "is", "null", "like", "between"}


def renamed(world: World, seed: int) -> World:
    """Return the world with every event, property and value renamed at random.

    Ids, dates and account numbers stay: they are no words. ``World.words`` tells which word stands for which.
    """
    events = world.events
    old = {*world.names, *events.columns, *MONEY}
    for name, column in events.columns.items():
        old |= set() if name in {SINCE, ACCOUNT} else set(column.values)
    words = dict(zip(sorted(old), _fresh(len(old), seed=seed), strict=True))
    columns = {
        words[name]: Column(tuple(words.get(text, text) for text in column.values), column.codes)
        for name, column in events.columns.items()
    }
    return replace(
        world,
        names=tuple(words[name] for name in world.names),
        events=replace(events, columns=columns),
        words=words,
    )


def _fresh(count: int, *, seed: int) -> list[str]:
    """Return so many different words of four sounds each."""
    sounds = SOUNDS.split()
    place = np.arange(4 * count, dtype=np.uint32)
    found: dict[str, None] = {}
    for index in range(8):
        numbers = Draws(seed).words(place, Purpose.RENAME, index=index)[0] % np.uint64(len(sounds))
        for row in numbers.reshape(-1, 4).tolist():
            found["".join(sounds[k] for k in row)] = None
    return list(found)[:count]


def map_of(world: World) -> MapDocument:
    """Return the true map of a world, in the world's own words."""
    document = true_map(world.company, world.rung_name)
    words = world.words
    if not words:
        return document
    steps = tuple(_step(step, words) for step in document.steps)
    persona = words[document.persona] if document.persona else None
    noise = tuple(words[name] for name in document.noise if name in words)
    contract = _contract(document.contract, words) if document.contract else None
    return replace(document, steps=steps, persona=persona, noise=noise, contract=contract)


def _step(step: MapStep, words: Mapping[str, str]) -> MapStep:
    signs = tuple(
        Sign(words.get(one.name, one.name), in_words(one.rule, words)) for one in step.signs
    )
    return replace(step, rule=in_words(step.rule, words) if step.rule else None, signs=signs)


def _contract(contract: Contract, words: Mapping[str, str]) -> Contract:
    return replace(
        contract,
        payments=in_words(contract.payments, words),
        plan=words[contract.plan] if contract.plan else None,
        since=words[contract.since] if contract.since else None,
    )


def in_words(rule: str, words: Mapping[str, str]) -> str:
    """Return a predicate with its names and texts replaced; what the world does not hold stays as it is."""

    def other(found: re.Match[str]) -> str:
        text = found[0]
        if text.startswith("'"):
            return f"'{words.get(text[1:-1], text[1:-1])}'"
        return text if text in GRAMMAR else words.get(text, text)

    return WORD.sub(other, rule)

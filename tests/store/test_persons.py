"""Persons are components of links; the smallest id stands for all, and what looks wrong joins nobody."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from tests.naive import identity as naive

from pathworth.store.identity import components
from pathworth.store.identity.changes import changed, moved
from pathworth.store.identity.components import joined, means_nobody
from pathworth.store.identity.persons import NOBODY_JOINED, Persons

WORDS = {"nobody": 1, "shared": 2, "many": 3, "crowd": 4}


def texts(ids):
    return pa.array(list(ids), pa.large_string())


def found(links):
    """The person of every id, and why some are suspect, as the compiled way finds them."""
    ids = list(dict.fromkeys(end for a, b, _ in links for end in (a, b)))
    code = {one: k for k, one in enumerate(ids)}
    one, other = ([code[link[k]] for link in links] for k in (0, 1))
    sure = np.array([link[2] for link in links], np.float64)
    ends = {"one": np.array(one, np.int64), "other": np.array(other, np.int64)}
    made = joined(texts(ids), **ends, sure=sure, nobody=means_nobody(texts(ids)))
    person = {one: ids[made.person[k]] for k, one in enumerate(ids)}
    return person, {one: int(made.why[k]) for k, one in enumerate(ids) if made.why[k]}


def drawn(rng, count):
    """Links among few ids, some of them of every kind that is suspect, weak, said twice or of an id with itself."""
    ids = [*(f"{'éaZ_'[k % 4]}{k}" for k in range(40)), "null", " Anonymous ", "kiosk", "é", "z"]
    pick = lambda: ids[rng.integers(0, len(ids))]  # noqa: E731
    links = [(pick(), pick(), float(rng.choice([1.0, 0.95, 0.94, 0.2]))) for _ in range(count)]
    return links + [("kiosk", f"a{4 * k + 1}", 1.0) for k in range(int(rng.integers(0, 8)))]


@pytest.mark.parametrize("seed", range(40))
def test_persons_are_those_that_walking_from_id_to_id_finds(seed, monkeypatch):
    rng = np.random.default_rng(seed)
    if seed % 2:
        monkeypatch.setattr(components, "MOST_IDS", 6)
        monkeypatch.setattr(naive, "MOST_IDS", 6)
    links = drawn(rng, int(rng.integers(1, 40)))
    person, why = found(links)
    wanted, reasons = naive.persons(links)
    assert person == wanted
    assert why == {one: WORDS[word] for one, word in reasons.items()}


def test_the_order_in_which_links_were_said_changes_nothing():
    rng = np.random.default_rng(7)
    links = drawn(rng, 30)
    assert found(links) == found([links[k] for k in rng.permutation(len(links))])


def test_a_long_chain_is_one_person_with_the_smallest_id_by_its_bytes():
    ids = [f"é{k:03}" for k in range(300)]
    links = [(a, b, 1.0) for a, b in zip(ids[1:], ids, strict=False)]
    person, why = found([*links, ("z", ids[150], 1.0), ("Z", ids[299], 1.0)])
    assert set(person.values()) == {"Z"}
    assert not why


def test_ids_are_compared_to_their_last_byte():
    ids = ["cookie-0000000000001", "cookie-0000000000000", "cookie-000", "cookie-00\0", "cookie-00"]
    for first in range(5):
        links = [(a, b, 1.0) for a, b in zip(ids[first:], ids[first + 1 :], strict=False)]
        person, _ = found([*links, (ids[first], f"z{'é' * 9}", 1.0)])
        assert set(person.values()) == {min(ids[first:], key=str.encode)}


def test_too_long_a_chain_joins_nobody_and_is_listed():
    links = [(f"c{k}", f"c{k + 1}", 1.0) for k in range(components.MOST_IDS)]
    person, why = found([*links, ("a", "b", 1.0)])
    assert all(person[f"c{k}"] == f"c{k}" for k in range(components.MOST_IDS + 1))
    assert set(why.values()) == {components.CROWD}
    assert person["b"] == "a"


def test_an_id_of_many_devices_is_a_person_and_a_device_of_many_ids_is_not():
    login = [(f"cookie {k}", "ann", 1.0) for k in range(100)]
    kiosk = [("kiosk", f"p{k}", 1.0) for k in range(components.MOST_TOLD + 1)]
    person, why = found([*login, *kiosk, ("p0", "q", 1.0)])
    assert {person[f"cookie {k}"] for k in range(100)} == {"ann"}
    assert {person[f"p{k}"] for k in range(1, 4)} == {"p1", "p2", "p3"}
    assert person["q"] == "p0"
    assert why == {"kiosk": components.SHARED}


def by_rule(map_, change=1):
    ids, takers = zip(*sorted(map_.items()), strict=True) if map_ else ((), ())
    return Persons(change, texts(ids), texts(takers))


def test_the_person_of_an_id_is_found_by_hash_and_letters(tmp_path, monkeypatch):
    whole = {f"id-{k}": f"id-{k // 5 * 5}" for k in range(500) if k % 5}
    held = by_rule(whole)
    asked = [f"id-{k}" for k in range(600)]
    assert held.of(texts(asked)).to_pylist() == [whole.get(one, one) for one in asked]
    assert held.of(pa.array(asked)).type == pa.string()
    assert held.ids_of("id-7") == ("id-5", "id-6", "id-7", "id-8", "id-9")
    assert held.ids_of("alone") == ("alone",)
    held.write(tmp_path)
    again = Persons.read(tmp_path, 1)
    assert again.of(texts(asked)).equals(held.of(texts(asked)))
    monkeypatch.setattr(
        "pathworth.store.identity.persons.hash64", lambda ids: np.zeros(len(ids), np.uint64)
    )
    few = by_rule({"b": "a", "c": "a", "e": "d"})
    assert few.of(texts("abcdef")).to_pylist() == ["a", "a", "a", "d", "d", "f"]
    assert few.ids_of("c") == ("a", "b", "c")


def test_only_ids_whose_person_is_another_one_have_moved():
    before, after = by_rule({"b": "a", "c": "a", "e": "d"}), by_rule({"b": "a", "e": "c"}, 2)
    assert sorted(moved(before, after).to_pylist()) == ["c", "e"]
    assert not len(moved(NOBODY_JOINED, NOBODY_JOINED))


def test_journeys_are_torn_only_where_ids_of_one_person_go_different_ways():
    before = by_rule({"b": "a", "c": "a", "e": "d", "g": "f"})
    after = by_rule({"c": "b", "d": "a", "e": "a", "g": "f"}, 2)
    held = changed(before, after)
    whole = dict(zip(held.whole.to_pylist(), held.takers.to_pylist(), strict=True))
    assert whole == {"d": "a", "b": "b"}
    assert (held.torn.to_pylist(), sorted(held.ids.to_pylist())) == (["a"], ["a", "b", "c"])

"""Passwords, sessions and tries, under the faults that they speak of."""

from __future__ import annotations

import importlib
import threading

import pytest

from pathworth import run, store
from pathworth.base.errors import PathworthError, Refused

GOOD = "three random words"
SECOND = 1_000_000
# `run.logins` is the question of that name; here its module is meant.
logins = importlib.import_module("pathworth.run.serving.logins")


@pytest.fixture
def clock(monkeypatch):
    now = [1_800_000_000 * SECOND]
    monkeypatch.setattr(logins, "_now", lambda: now[0])

    def forward(seconds):
        now[0] += seconds * SECOND

    return forward


@pytest.fixture
def shop(tmp_path, clock):
    opened = run.init(tmp_path / "shop")
    run.add_login(opened, "ann", role="admin", password=GOOD)
    return opened


def code(call, *given, **named):
    with pytest.raises(PathworthError) as found:
        call(*given, **named)
    return found.value.code


def test_neither_password_nor_token_nor_key_stands_in_the_database(shop):
    token = run.enter(shop, "ann", password=GOOD, address="a").token
    key = run.create_key(shop, "app").key
    held = (shop.store.path / "workspace.db").read_bytes()
    wal = shop.store.path / "workspace.db-wal"
    held += wal.read_bytes() if wal.exists() else b""
    for secret in (GOOD, token, key):
        assert secret.encode() not in held
    assert b"$argon2id$" in held


def test_the_first_login_is_an_admin_and_the_last_admin_stays(tmp_path):
    shop = run.init(tmp_path / "other")
    assert code(run.add_login, shop, "bob", role="viewer", password=GOOD) == "FIRST_LOGIN_ADMIN"
    run.add_login(shop, "ann", role="admin", password=GOOD)
    run.add_login(shop, "bob", role="viewer", password=GOOD)
    assert code(run.add_login, shop, "bob", role="viewer", password=GOOD) == "LOGIN_EXISTS"
    assert code(run.set_role, shop, "ann", role="editor") == "LAST_ADMIN"
    assert code(run.remove_login, shop, "ann") == "LAST_ADMIN"
    assert code(run.remove_login, shop, "ann", by="ann") == "OWN_LOGIN"
    run.set_role(shop, "bob", role="admin")
    run.remove_login(shop, "ann")
    assert [(one.name, one.role) for one in run.logins(shop)] == [("bob", "admin")]
    run.remove_login(shop, "bob")
    assert not run.who(shop, None).needed


@pytest.mark.parametrize("password", ["short", "ann", "x" * 1_001, "ANN     "])
def test_a_password_that_is_easy_to_guess_is_refused(shop, password):
    name = "ann" if password.strip().lower() == "ann" else "bob"
    assert code(run.add_login, shop, name, role="viewer", password=password) == "WEAK_PASSWORD"


def test_a_session_ends_when_idle_for_a_day_and_for_good_after_two_weeks(shop, clock):
    token = run.enter(shop, "ann", password=GOOD, address="a").token
    for _ in range(27):
        clock(12 * 3600)
        assert run.who(shop, token).name == "ann"
    clock(12 * 3600 + 1)
    assert run.who(shop, token).name is None
    token = run.enter(shop, "ann", password=GOOD, address="a").token
    clock(24 * 3600 + 1)
    assert run.who(shop, token).name is None


def test_logging_out_ends_one_session_and_an_admin_ends_all(shop):
    here, there = (run.enter(shop, "ann", password=GOOD, address="a").token for _ in range(2))
    run.leave(shop, here)
    assert (run.who(shop, here).name, run.who(shop, there).name) == (None, "ann")
    assert run.end_sessions(shop, "ann") == 1
    assert run.who(shop, there).name is None
    assert run.who(shop, "made up").name is None


def test_a_new_password_ends_every_other_session(shop):
    here, there = (run.enter(shop, "ann", password=GOOD, address="a").token for _ in range(2))
    change = {"token": here, "address": "a"}
    wrong = {"old": "not this one", "new": "four other words"}
    assert code(run.change_password, shop, "ann", **wrong, **change) == "WRONG_PASSWORD"
    run.change_password(shop, "ann", old=GOOD, new="four other words", **change)
    assert (run.who(shop, here).name, run.who(shop, there).name) == ("ann", None)
    assert code(run.enter, shop, "ann", password=GOOD, address="a") == "WRONG_PASSWORD"
    run.set_password(shop, "ann", password=GOOD)
    assert run.who(shop, here).name is None


def test_wrong_tries_wait_longer_and_longer_and_a_right_one_begins_anew(shop, clock):
    wrong = {"password": "wrong words", "address": "a"}
    for _ in range(5):
        assert code(run.enter, shop, "ann", **wrong) == "WRONG_PASSWORD"
    # Even the right password is not judged while waiting: an answer would tell.
    assert code(run.enter, shop, "ann", password=GOOD, address="a") == "TOO_MANY_TRIES"
    clock(1)
    assert code(run.enter, shop, "ann", **wrong) == "WRONG_PASSWORD"
    clock(1)
    assert code(run.enter, shop, "ann", **wrong) == "TOO_MANY_TRIES"
    clock(1)
    run.enter(shop, "ann", password=GOOD, address="a")
    for _ in range(5):
        assert code(run.enter, shop, "ann", **wrong) == "WRONG_PASSWORD"


def test_one_address_cannot_try_many_names_nor_keep_another_address_out(shop):
    for k in range(20):
        given = {"password": "wrong words", "address": "a"}
        assert code(run.enter, shop, f"name {k}", **given) == "WRONG_PASSWORD"
    assert code(run.enter, shop, "ann", password=GOOD, address="a") == "TOO_MANY_TRIES"
    assert run.enter(shop, "ann", password=GOOD, address="b").me.name == "ann"


def test_a_name_that_nobody_has_is_answered_word_for_word_alike(shop):
    said = []
    for name in ("ann", "nobody"):
        with pytest.raises(Refused) as found:
            run.enter(shop, name, password="wrong words", address="a")
        said.append((found.value.code, found.value.message, found.value.hint))
    assert said[0] == said[1]


def test_a_name_that_nobody_has_costs_one_verification_like_any_other(shop, monkeypatch):
    judged = []
    real = logins._hasher

    class Counting:
        def verify(self, kept, password):
            judged.append(kept)
            return real.verify(kept, password)

        def hash(self, password):
            return real.hash(password)

    monkeypatch.setattr(logins, "_hasher", Counting())
    for name in ("ann", "nobody"):
        code(run.enter, shop, name, password="wrong words", address="a")
    assert len(judged) == 2
    # Both are hashes of the same strength, so that both take as long.
    assert len({kept.split("$")[3] for kept in judged}) == 1


def test_passwords_are_hashed_with_as_much_memory_as_is_advised(real_hasher):
    assert real_hasher.hash("x").startswith("$argon2id$v=19$m=47104,t=2,p=1$")


def test_tries_at_the_same_moment_are_all_counted(shop):
    held = store.Logins(shop.store)
    waits = []

    def one():
        limit = (store.TryLimit("name x", 5),)
        waits.append(held.take_try(limit, now_us=SECOND, forget_us=10**12, most_us=10**9))

    threads = [threading.Thread(target=one) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(wait == 0 for wait in waits) == [False] * 7 + [True] * 5


def test_a_key_opens_its_scope_until_it_is_removed(shop):
    made = run.create_key(shop, "app", key="given by hand")
    assert made.key == "given by hand"
    assert run.key_scope(shop, made.key) == "ingest"
    assert run.key_scope(shop, "another") is None
    assert run.keys(shop)[0].used is not None
    assert code(run.create_key, shop, "app") == "KEY_EXISTS"
    assert code(run.create_key, shop, "b", scope="everything") == "UNKNOWN_SCOPE"
    assert code(run.create_key, shop, "b", key="two\nlines") == "BAD_KEY"
    run.remove_key(shop, "app")
    assert run.key_scope(shop, made.key) is None
    assert code(run.remove_key, shop, "app") == "UNKNOWN_KEY"

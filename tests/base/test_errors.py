from __future__ import annotations

import pickle

import pytest

from pathworth.base.errors import (
    BadInput,
    NotSupported,
    Refused,
    StoreTrouble,
    UnknownName,
    WrongUsage,
)


@pytest.mark.parametrize(
    "kind", [BadInput, NotSupported, Refused, StoreTrouble, UnknownName, WrongUsage]
)
def test_an_error_says_what_happened_what_to_do_and_its_code(kind):
    error = kind("SOME_CODE", "It happened.", "Do this.")
    assert str(error) == "It happened. Do this. [SOME_CODE]"


def test_an_error_survives_a_process_boundary():
    error = pickle.loads(pickle.dumps(BadInput("TORN", "It is torn.", "Send it again.")))
    assert (error.code, error.message, error.hint) == ("TORN", "It is torn.", "Send it again.")


def test_a_near_name_is_suggested():
    error = UnknownName.near("event", "purchse", ["purchase", "catalog"])
    assert error.code == "UNKNOWN_EVENT"
    assert error.hint == "Did you mean purchase?"


def test_without_a_near_name_the_known_ones_are_listed():
    assert UnknownName.near("step", "zzz", ["b", "a"]).hint == "Known: a, b."

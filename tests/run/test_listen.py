from __future__ import annotations

import pytest

from pathworth import run
from pathworth.base.errors import Refused, WrongUsage
from pathworth.run import Binding

GOOD = "three random words"


@pytest.fixture
def folder(tmp_path):
    run.init(tmp_path / "shop")
    return tmp_path / "shop"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.9.1"])
def test_loopback_needs_no_login(folder, host):
    run.check_binding(folder, Binding(host))


@pytest.mark.parametrize(
    "binding",
    [
        *(Binding(host) for host in ("0.0.0.0", "192.168.1.10", "example.com", "::")),
        Binding(hosts=("journeys.example.com",)),
    ],
)
def test_being_reached_from_beyond_this_machine_is_refused_until_an_admin_can_log_in(
    folder, binding
):
    with pytest.raises(Refused) as found:
        run.check_binding(folder, binding)
    assert found.value.code == "LOGIN_REQUIRED"
    run.add_login(run.open_workspace(folder), "ann", role="admin", password=GOOD)
    run.check_binding(folder, binding)


def test_a_workspace_that_is_not_there_yet_is_not_shown_to_others(tmp_path):
    with pytest.raises(Refused) as found:
        run.check_binding(tmp_path / "none", Binding("0.0.0.0"))
    assert found.value.code == "LOGIN_REQUIRED"


@pytest.mark.parametrize("name", ["http://example.com", "example.com:8710", "", "a b"])
def test_an_allowed_host_is_a_name_alone(folder, name):
    with pytest.raises(WrongUsage) as found:
        run.check_binding(folder, Binding(hosts=(name,)))
    assert found.value.code == "BAD_HOST"


def test_a_binding_survives_the_way_through_the_environment():
    bound = Binding("10.0.0.1", ("journeys.example.com",))
    assert Binding.from_text(bound.to_text()) == bound
    assert Binding.from_text(None) == Binding()
    assert bound.names == ("10.0.0.1", "journeys.example.com")
    assert Binding("0.0.0.0", ("a.example",)).names == ("a.example",)

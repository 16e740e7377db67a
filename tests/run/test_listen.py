from __future__ import annotations

import pytest

from pathworth import run
from pathworth.base.errors import Refused


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.9.1"])
def test_loopback_needs_no_login(host):
    run.check_binding(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.10", "example.com", "::"])
def test_listening_beyond_this_machine_is_refused_without_a_login(host):
    with pytest.raises(Refused) as found:
        run.check_binding(host)
    assert found.value.code == "LOGIN_REQUIRED"

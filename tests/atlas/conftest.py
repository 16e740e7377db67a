"""The small company, once for every test."""

from __future__ import annotations

import pytest
from tests.atlas.made import log_snapshot
from tests.atlas.small_company import small_company


@pytest.fixture(scope="session")
def log():
    return small_company(3_000, seed=1, members=30)


@pytest.fixture(scope="session")
def company(log):
    return log_snapshot(log)

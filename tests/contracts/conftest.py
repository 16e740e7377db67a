"""A shop with published events, imported once, that every face is asked about."""

from __future__ import annotations

import pytest

from pathworth import run


@pytest.fixture(scope="session")
def shop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("faces") / "shop"
    run.demo(run.DemoQuestion(data="ecom", folder=folder))
    return folder

"""Passwords are hashed lightly here: what is tested is who may do what, not how long a guess takes."""

from __future__ import annotations

import importlib

import pytest
from argon2 import PasswordHasher

logins = importlib.import_module("pathworth.run.serving.logins")
REAL = logins._hasher


@pytest.fixture
def real_hasher():
    return REAL


@pytest.fixture(autouse=True)
def _light_hashes(monkeypatch):
    monkeypatch.setattr(logins, "_hasher", PasswordHasher(1, 64, 1))
    logins._nobody.cache_clear()

"""Passwords are hashed lightly in these tests."""

from tests.run.light_hashes import _light_hashes, real_hasher

__all__ = ["_light_hashes", "real_hasher"]

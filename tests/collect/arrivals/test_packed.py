"""What came compressed is what it was, and never more than may be."""

from __future__ import annotations

import gzip
import zlib

import pyarrow as pa
import pytest
from hypothesis import given, settings, strategies as st

from pathworth.base.errors import BadInput
from pathworth.collect import unpacked

PACKS = {
    "gzip": gzip.compress,
    "zlib": zlib.compress,
    "zstd": lambda body: pa.compress(body, "zstd", asbytes=True),
}


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
@settings(max_examples=60, deadline=None)
@given(body=st.binary(max_size=3_000))
def test_whatever_was_packed_comes_out_and_one_byte_too_many_does_not(pack, body):
    packed = pack(body)
    assert unpacked(packed, most=len(body)) == body
    if body:
        with pytest.raises(BadInput) as error:
            unpacked(packed, most=len(body) - 1)
        assert error.value.code == "BODY_TOO_LARGE"


@settings(max_examples=300, deadline=None)
@given(
    start=st.sampled_from(
        [b"", b"\x1f\x8b", b"\x1f\x8b\x08\0\0\0\0\0\0\xff", b"x\x9c", b"\x28\xb5\x2f\xfd"]
    ),
    body=st.binary(max_size=60),
    encoding=st.sampled_from(["", "deflate", "gzip"]),
)
def test_whatever_bytes_come_they_are_unpacked_left_or_refused(start, body, encoding):
    try:
        found = unpacked(start + body, most=1_000, encoding=encoding)
    except BadInput as error:
        refused = error.code
    else:
        refused = None
        assert len(found) <= 1_000
    assert refused in {None, "BAD_COMPRESSION", "BODY_TOO_LARGE"}

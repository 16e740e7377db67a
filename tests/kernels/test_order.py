"""The kernel that orders rows agrees with sorting them."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings, strategies as st

from pathworth.kernels.rows.order import order_by_key

keys = st.one_of(st.integers(0, 3), st.integers(0, 2**32 - 1), st.sampled_from([2**8, 2**24]))


@given(st.lists(keys, max_size=40))
@settings(deadline=None, max_examples=100)
def test_keys_are_ordered_and_equal_ones_stay_as_they_were(given):
    out = np.empty((2, len(given)), np.uint64)
    order_by_key(np.array(given, np.uint64), out)
    assert out[0].tolist() == sorted(range(len(given)), key=given.__getitem__)

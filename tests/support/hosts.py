"""Hypothesis strategies of hosts: from 512 MiB to 1 TiB of memory, limited or not, with nested paging or without."""

from __future__ import annotations

from hypothesis import strategies as st

from accelkit.host.capacity import Capacity

_POWERS = st.integers(29, 40).map(lambda power: 1 << power)
_MEMORY = _POWERS | st.integers(1 << 29, 1 << 40)

capacities = st.builds(
    Capacity, memory=_MEMORY, limit=st.none() | _MEMORY, nested_paging=st.sampled_from([True, False, None])
)

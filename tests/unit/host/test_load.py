"""How busy the host is."""

from __future__ import annotations

import os

import pytest

from accelkit.host.load import cpu_times, load, parse_stat, steal_share


def test_steal_time_is_a_share_of_all_time() -> None:
    before = parse_stat(b"cpu  100 0 0 800 0 0 0 100 50 0\n")
    after = parse_stat(b"cpu  160 0 0 830 0 0 0 110 80 0\n")
    assert steal_share(before, after) == 0.1
    assert (
        steal_share(before, before)
        == steal_share((), ())
        == steal_share(parse_stat(b"cpu 1 2 3 4\n"), after)
        == 0
    )


def test_the_times_of_this_host_are_eight_numbers_or_none() -> None:
    before, after = cpu_times(), cpu_times()
    assert len(before) == len(after) == (8 if os.path.exists("/proc/stat") else 0)
    assert 0 <= steal_share(before, after) <= 1


def test_a_counter_that_decreases_counts_as_unchanged() -> None:
    """iowait may decrease (proc(5))."""
    before, after = (100, 0, 0, 100, 50, 0, 0, 10), (110, 0, 0, 110, 40, 0, 0, 15)
    assert steal_share(before, after) == 5 / 25


def test_without_a_load_average_the_load_is_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load() >= 0

    def unobtainable() -> tuple[float, float, float]:
        raise OSError

    monkeypatch.setattr(os, "getloadavg", unobtainable)
    assert load() == 0.0

"""CPU times and steal, from lines of /proc/stat."""

from __future__ import annotations

from accelkit.host.load import cpu_times, load, parse_stat, steal_share


def test_steal_is_a_share_of_all_time() -> None:
    before = parse_stat(b"cpu  100 0 0 800 0 0 0 100 50 0\n")
    after = parse_stat(b"cpu  160 0 0 830 0 0 0 110 80 0\n")
    assert steal_share(before, after) == 0.1
    assert (
        steal_share(before, before)
        == steal_share((), ())
        == steal_share(parse_stat(b"cpu 1 2 3 4\n"), after)
        == 0
    )
    assert len(cpu_times()) in (0, 8)


def test_the_load_average_is_a_number() -> None:
    assert load() >= 0

"""The table of workloads: it agrees with the guests' sources and with itself."""

from __future__ import annotations

from pathlib import Path

import pytest

import accelkit.guests
from accelkit.guests.workloads import BY_NAME, WORKLOADS, WorkSize

SOURCES = Path(accelkit.guests.__file__).parent


@pytest.mark.parametrize("target", ["x86_64", "aarch64"])
def test_the_table_and_the_source_number_the_workloads_in_the_same_way(target: str) -> None:
    lines = (SOURCES / target / "guest.S").read_text().partition("\ntable:")[2].partition("table_end:")[0]
    assert lines.count("\n") == len(WORKLOADS)
    assert [row.id for row in WORKLOADS] == list(range(len(WORKLOADS)))


def test_every_number_has_a_unit() -> None:
    for row in WORKLOADS:
        assert row.does
        assert bool(row.unit) == bool(row.checksum and row.n)
        assert bool(row.sizes.unit) == bool(row.size)
        assert BY_NAME[row.name] is row


@pytest.mark.parametrize(
    ("sizes", "fitting", "refused", "text"),
    [
        (WorkSize(), (0,), (1, 64), "0, the only size of this workload"),
        (WorkSize("bytes", 64, 256, "multiple of 64"), (64, 192, 256), (0, 65, 320), "a multiple of 64, 64 to 256 bytes"),
        (WorkSize("bytes", 64, 256, "power of two"), (64, 128), (96, 512), "a power of two, 64 to 256 bytes"),
        (WorkSize("ticks", 1, 9), (1, 5, 9), (0, 10), "1 to 9 ticks"),
    ],
)  # fmt: skip
def test_a_size_fits_by_range_and_shape(
    sizes: WorkSize, fitting: tuple[int, ...], refused: tuple[int, ...], text: str
) -> None:
    assert [sizes.fits(size) for size in (*fitting, *refused)] == [True] * len(fitting) + [False] * len(
        refused
    )
    assert str(sizes) == text

"""Values that were probably meant."""

from __future__ import annotations

import pytest

from accelkit.recipes.meant import meant_for


@pytest.mark.parametrize(
    ("key", "text", "meant"),
    [
        ("tb-size", "64M", "64"),
        ("tb-size", "1.5GiB", "1536"),
        ("tb-size", "67108864", "64"),  # bytes
        ("kvm-shadow-mem", "64MB", "67108864"),
        ("kernel-irqchip", "ON", "on"),
        ("kernel-irqchip", "true", "on"),
        ("notify-vmexit", "internal_error", "internal-error"),
        ("thread", "mutli", "multi"),
        ("thread", "both", None),
        ("dirty-ring-size", "3000", "4096"),
        ("dirty-ring-size", "4_096", "4096"),
        ("rapl", "1", "on"),
        ("tb-size", "x" * 100, None),
    ],
)
def test_a_slip_of_the_pen_is_read(key: str, text: str, meant: str | None) -> None:
    found = [value for value in meant_for(key, text) if value != text]
    assert (meant in found) if meant is not None else found == []

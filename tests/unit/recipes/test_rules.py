"""The conditions of rules, at their edges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from accelkit.recipes import rules


@pytest.mark.parametrize(
    ("breaks", "values", "others"),
    [
        (rules.is_set, [True, "on", 1, -1], [False, "off", "auto", 0]),
        (rules.is_not_power_of_two, [3, 6, 1023], [0, 1, 2, 1024]),
        (rules.is_outside_portable_ring, [1, 1023, 65537], [0, 1024, 65536]),
        (rules.is_too_few_shadow_pages, [0, 64 * 4096 - 1, 1 << 32], [64 * 4096, (1 << 31) - 1, -1]),
        (rules.is_no_block_size, [1, 8192, 1 << 31], [0, 4096, 2 << 20, 1 << 30]),
        (rules.is_more_than(2048), [2049], [2048, 0]),
        (rules.is_other_device, ["/dev/kvm0", ""], ["/dev/kvm"]),
        (rules.is_word("on", "split"), ["on", "split"], ["off", ""]),
        (rules.is_not_word("on", "split"), ["off", ""], ["on", "split"]),
    ],
)
def test_a_rule_breaks_for_some_values_and_not_for_others(
    breaks: Callable[[Any], bool], values: list[Any], others: list[Any]
) -> None:
    assert [value for value in values if not breaks(value)] == []
    assert [value for value in others if breaks(value)] == []

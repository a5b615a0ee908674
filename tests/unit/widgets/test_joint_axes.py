"""Axes over several options, as text."""

from __future__ import annotations

import pytest

from accelkit import (
    ComposeError,
    each,
    kvm,
    tcg,
)
from accelkit.widgets.joint_axes import keys_in, keys_of, read_axes


@pytest.mark.parametrize(
    "text",
    [
        "tcg()",
        "tb_size(64)",
        "each(kvm(), tcg())",
        "each(tcg(), tb_size(1)) | tb_size(2)",
        "each(first_of(kvm(), tcg()))",
    ],
)
def test_other_code_is_refused_with_an_example(text):
    with pytest.raises(ComposeError, match=r"as in each\(tb_size\(64\), thread\(single\)"):
        read_axes(text)


@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_field_has_no_axes(text):
    assert read_axes(text) is None


def test_the_options_of_an_axis_are_those_that_any_choice_writes():
    space = read_axes("each(shadow_mem('64MiB') | rapl(on), dirty_ring_size(4096))")
    assert keys_of(space.factors[0]) == {"kvm-shadow-mem", "rapl", "dirty-ring-size"}
    assert keys_in(space) == keys_of(space.factors[0])
    assert keys_of(each(kvm(), tcg()).factors[0]) is None, "an axis over accelerators"
    assert keys_of(tcg()) is None

"""Each: the values that a sweep tries in one property."""

from __future__ import annotations

import pickle

import pytest

from accelkit import ComposeError, Each, each, tb_size, tcg


def test_values_are_kept_in_order_and_shown_as_code() -> None:
    values = each(256, 32)
    assert values == Each((256, 32))
    assert repr(values) == "each(256, 32)"
    assert pickle.loads(pickle.dumps(values)) == values


def test_no_values_are_refused() -> None:
    with pytest.raises(ComposeError, match=r"each\(\): nothing to try; give the values or recipes"):
        Each(())


@pytest.mark.parametrize("compose", [lambda values: values | tcg(), lambda values: tcg() | values])
def test_values_outside_a_property_are_refused(compose: object) -> None:
    with pytest.raises(
        ComposeError, match=r"values belong inside a property, as in tb_size\(each\(32, 256\)\)"
    ):
        compose(each(32, 256))  # type: ignore[operator]


def test_inside_a_property_they_make_a_space() -> None:
    assert len(tcg() | tb_size(each(32, 256))) == 2

"""Each: values to try; it is a value itself."""

from __future__ import annotations

from typing import Any

import pytest

from accelkit import ComposeError, Each, each, tcg


def test_each_compares_by_its_values_and_prints_as_its_code() -> None:
    assert Each((1, 2)) == each(1, 2)
    assert hash(Each((1, 2))) == hash(each(1, 2))
    assert repr(each(1, "a")) == "each(1, 'a')"


@pytest.mark.parametrize("values", [(), [], [1], "ab", None, 5])
def test_each_takes_a_tuple_of_one_or_more_values(values: Any) -> None:
    with pytest.raises(ComposeError, match=r"nothing to try|takes a tuple; write each\(32, 256\)"):
        Each(values)


def test_each_alone_is_no_part_of_a_recipe() -> None:
    for join in (lambda: each(1) | tcg(), lambda: tcg() | each(1)):
        with pytest.raises(
            ComposeError, match=r"values belong inside a property, as in tb_size\(each\(1\)\)"
        ):
            join()

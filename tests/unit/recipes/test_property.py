"""Property: rows pickle to themselves, and the memo never confuses types."""

from __future__ import annotations

import pickle

import pytest

import accelkit
from accelkit import (
    ACCELERATORS,
    PROPERTIES,
    kvm,
    rapl,
    render,
    tb_size,
    tcg,
    thread,
)
from accelkit.recipes.property import MEMO_LIMIT


def test_every_row_pickles_to_itself() -> None:
    for row in [*ACCELERATORS.values(), *PROPERTIES.values()]:
        assert pickle.loads(pickle.dumps(row)) is row


def test_the_recipes_that_are_remembered_stay_few_and_forgetting_changes_nothing() -> None:
    before = tb_size(7)
    for number in range(MEMO_LIMIT + 100):
        tb_size(number)
        assert len(tb_size._memos[int]) <= MEMO_LIMIT
    assert (tb_size(7), hash(tb_size(7))) == (before, hash(before))


def test_a_memo_never_takes_one_type_for_another() -> None:
    assert render(tcg() | tb_size(1))[1] == "tcg,tb-size=1"
    for other in (True, 1.0):
        with pytest.raises(ValueError, match="tb_size: got"):
            tb_size(other)
    assert render(kvm() | rapl(True))[1] == "kvm,rapl=on"
    with pytest.raises(ValueError, match="rapl: got 1"):
        rapl(1)
    assert thread(accelkit.single) == thread("single")

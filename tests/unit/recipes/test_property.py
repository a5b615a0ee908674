"""Property: rows pickle to themselves, and the memo never confuses types."""

from __future__ import annotations

import pickle

import pytest

import accelkit
from accelkit import (
    ACCELERATORS,
    PROPERTIES,
    kvm,
    notify,
    option,
    rapl,
    render,
    run,
    tb_size,
    tcg,
    thread,
)
from accelkit.recipes._shape import _MOST, shape_of
from accelkit.recipes.property import MEMO_LIMIT


def test_every_row_pickles_to_itself() -> None:
    for row in [*ACCELERATORS.values(), *PROPERTIES.values()]:
        assert pickle.loads(pickle.dumps(row)) is row


def test_memos_stay_bounded_and_forgetting_changes_nothing() -> None:
    before = tcg() | tb_size(7) | option("k0", "v")
    for number in range(MEMO_LIMIT + 100):
        tb_size(number)
        tcg() | option(f"k{number}", "v")
        assert len(tb_size._memo[int]) <= MEMO_LIMIT
        assert len(tcg()._shape.joined) <= _MOST
    assert shape_of.cache_info().maxsize == _MOST
    after = tcg() | tb_size(7) | option("k0", "v")
    assert after == before
    assert hash(after) == hash(before)
    assert render(after) == render(before)
    assert render(before | after) == render(before)


def test_notify_takes_no_type_for_another() -> None:
    assert render(kvm() | notify(run, window=1)) == render(kvm() | notify(run, window="1"))
    for other in (True, 1.0):
        with pytest.raises(ValueError, match=f"^notify_window: got {other} "):
            notify(run, window=other)


def test_a_memo_never_takes_one_type_for_another() -> None:
    assert render(tcg() | tb_size(1))[1] == "tcg,tb-size=1"
    for other in (True, 1.0):
        with pytest.raises(ValueError, match="tb_size: got"):
            tb_size(other)
    assert render(kvm() | rapl(True))[1] == "kvm,rapl=on"
    with pytest.raises(ValueError, match="rapl: got 1"):
        rapl(1)
    assert thread(accelkit.single) == thread("single")

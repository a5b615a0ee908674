"""Property: rows pickle to themselves, and the memo never confuses types."""

from __future__ import annotations

import copy
import pickle

import pytest

import accelkit
from accelkit import (
    ACCELERATORS,
    PROPERTIES,
    ComposeError,
    DomainError,
    Recipe,
    each,
    fold,
    kvm,
    notify,
    rapl,
    render,
    run,
    tb_size,
    tcg,
    thread,
    unset,
)
from accelkit.recipes.property import MEMO_LIMIT


def test_every_row_pickles_to_itself() -> None:
    for row in [*ACCELERATORS.values(), *PROPERTIES.values()]:
        assert pickle.loads(pickle.dumps(row)) is row


def test_the_recipes_that_are_remembered_stay_few_and_forgetting_changes_nothing() -> None:
    before = tb_size(7)
    for number in range(MEMO_LIMIT + 100):
        tb_size(number)
        assert len(tb_size._memo[int]) <= MEMO_LIMIT
    assert (tb_size(7), hash(tb_size(7))) == (before, hash(before))


def test_the_repr_of_notify_is_what_was_written() -> None:
    for code in (
        "notify(run)",
        "notify(run, window=1000)",
        "kvm() | notify(run, window=1000) | shadow_mem(-1)",
        "kvm() | notify(run, window=1000) | notify_window(5)",  # half of it is written again
        "kvm() | notify(run, window=1000) | notify(disable)",
        "kvm() | notify_vmexit(run) | notify_window(1000)",
        "kvm() | notify_window(5) | notify(run)",
        "kvm() | notify(each(run, disable), window=1000) | shadow_mem(-1)",
        "kvm() | notify(run, window=each(1, 2)) | notify_vmexit(disable)",
        "kvm() | notify(each(run, disable), window=each(1, 2))",
        "each(kvm() | notify(run, window=1), kvm() | unset(notify))",
        "kvm() | notify(run, window=1) | unset(notify)",
    ):
        value = eval(code, vars(accelkit))
        assert repr(value) == code
        assert repr(pickle.loads(pickle.dumps(value))) == code
        assert repr(copy.deepcopy(value)) == code


def test_a_point_of_a_sweep_of_notify_is_shown_as_the_call() -> None:
    space = kvm() | notify(each("run", "disable"), window=each(1, 2))
    assert [repr(point) for point in space[::3]] == [
        "kvm() | notify(run, window=1)",
        "kvm() | notify(disable, window=2)",
    ]


def test_half_of_notify_is_code_that_makes_it() -> None:
    both = notify(run, window=1000)
    halves = [Recipe((put,), both.accels) for put in both.steps]
    assert [repr(one) for one in halves] == ["notify(run)", "notify_window(1000)"]
    assert [eval(repr(one), vars(accelkit)) for one in halves] == halves
    assert repr(halves[1] | halves[0]) == "notify_window(1000) | notify(run)"
    removed = [Recipe((put,), both.accels) for put in unset(notify).steps]
    assert [repr(one) for one in removed] == ["unset(notify_vmexit)", "unset(notify_window)"]


def test_unset_notify_removes_both_options() -> None:
    assert fold(kvm() | notify(run, window=1000) | unset(notify)) == fold(kvm())
    assert unset(notify).accels == frozenset({"kvm"})
    with pytest.raises(ComposeError, match=r"^unset\(notify\) is for kvm, not for tcg"):
        tcg() | unset(notify)
    with pytest.raises(DomainError, match="unset: got <function each"):
        unset(each)  # pyright: ignore


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

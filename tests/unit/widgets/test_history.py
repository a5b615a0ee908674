"""The states of an explorer that the user can return to."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from accelkit import tb_size, tcg
from accelkit.widgets.form import form_of
from accelkit.widgets.history import History, State


def state(size, place=0):
    value = tcg() | tb_size(size)
    return State(value, form_of(value), place)


@given(st.lists(st.integers(0, 3), max_size=12))
def test_undone_to_the_end_and_redone_to_the_end_is_where_it_began(sizes):
    first = history = History(state(99))
    steps = [first]
    for size in sizes:
        later = history.then(state(size))
        if later.past != history.past:
            steps.append(later)
        history = later
    back = history
    for step in reversed(steps[:-1]):
        back = back.undone()
        assert back.now == step.now
    assert back.past == ()
    assert back.undone() == back
    for step in steps[1:]:
        back = back.redone()
        assert back.now == step.now
    assert back.future == ()
    assert back.redone() == back


def test_changes_of_one_field_in_sequence_are_one_step():
    history = History(state(0))
    for size in (6, 64, 640):
        history = history.then(state(size), "tb-size")
    history = history.then(state(1), "thread").then(state(2), "tb-size")
    assert history.undone().now == state(1)
    assert history.undone().undone().now == state(640)
    assert history.undone().undone().undone().now == state(0)


def test_after_undo_a_change_of_the_same_field_is_a_step_of_its_own_and_the_future_is_gone():
    history = History(state(0)).then(state(1), "tb-size").then(state(2), "thread").undone()
    history = history.then(state(3), "tb-size")
    assert history.future == ()
    assert history.undone().now == state(1)


def test_another_alternative_to_edit_is_no_step():
    history = History(state(0)).then(state(1)).then(state(1, place=1))
    assert history.now.place == 1
    assert history.undone().now == state(0)


def test_the_oldest_states_are_forgotten():
    history = History(state(0))
    for size in range(1, 500):
        history = history.then(state(size))
    assert len(history.past) == 200
    assert history.past[-1] == state(498)

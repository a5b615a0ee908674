"""One property as a widget by itself."""

from __future__ import annotations

import pytest

from accelkit import (
    PROPERTIES,
    ComposeError,
    DomainError,
    kvm,
    notify_vmexit,
    rapl,
    tb_size,
)
from accelkit.widgets import control, explore
from accelkit.widgets.toolkit import w


def test_explore_and_control_are_arguments_of_interactive():
    calls = []
    form = w.interactive(
        lambda size, recipe: calls.append((size, recipe)), size=control(tb_size), recipe=explore()
    )
    form.update()
    assert calls[-1] == (0, kvm())
    assert form.children[0].description == "tb_size"


@pytest.mark.parametrize("prop", PROPERTIES.values(), ids=str)
def test_the_initial_value_of_a_control_is_valid(prop):
    made = control(prop)
    assert prop(made.value) is not None
    assert isinstance(made, w.ValueWidget)


@pytest.mark.parametrize("row", [5, None, "tb-size", kvm, tb_size(64)], ids=repr)
def test_a_control_is_of_a_property(row):
    with pytest.raises(ComposeError, match=r"takes a property, uncalled, as in control\(tb_size\)"):
        control(row)


def test_a_control_takes_valid_values_only():
    made = control(tb_size, "64MiB")
    assert made.value == 64
    made._editor.widgets[0].value = "65"
    assert made.value == 65
    for bad in ("65MB", ""):
        made._editor.widgets[0].value = bad
        assert made.value == 65
        assert "takes" in made._note.value
    made._editor.widgets[1].set_state({"index": 3})
    assert made.value == 8
    assert made._note.value == ""
    made.value = "1GiB"
    assert made.value == 1024
    assert made._editor.widgets[0].value == "1GiB"
    with pytest.raises(DomainError):
        made.value = -1
    with pytest.raises(DomainError):
        control(tb_size, "64MB")


def test_a_control_of_words_and_switches_has_python_values():
    switch = control(rapl)
    switch._editor.widgets[0].value = "on"
    assert switch.value is True
    words = control(notify_vmexit)
    words._editor.widgets[0].value = "disable"
    assert words.value == "disable"

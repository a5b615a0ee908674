"""Put: a function, a value that does not change, equal whatever its code is, made without a check from another."""

from __future__ import annotations

import pickle

import pytest

from accelkit import ArgvError, OptionMap, Put, device, fold, kvm, render, tb_size
from accelkit.recipes.put import option_text


def test_a_step_is_itself_a_function_from_map_to_map() -> None:
    assert Put("a", "1", "…")(OptionMap({"b": "2"})) == OptionMap({"a": "1", "b": "2"})
    assert Put("a", None, "…")(OptionMap({"a": "1", "b": "2"})) == OptionMap({"b": "2"})
    assert Put("a", None, "…")(OptionMap()) == OptionMap()


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("accel", "kvm", "kvm"),
        ("accel", "a,b", "a,,b"),
        ("accel", "a=b", "accel=a=b"),
        ("accel", "", "accel="),
        ("device", "/a,b", ",device=/a,,b"),
        ("x", "", ",x="),
    ],
)
def test_the_text_of_an_option_follows_those_before_it(key: str, value: str, text: str) -> None:
    assert option_text(key, value) == Put(key, value, "…").text == text


def test_a_step_that_removes_an_option_has_no_text() -> None:
    assert Put("device", None, "…").text == ""


@pytest.mark.parametrize("value", ["/dev/kvm", "/a,b", ",", ""])
def test_a_step_with_another_value_is_the_one_that_would_be_made_of_it(value: str) -> None:
    pattern = Put("device", "", "device({!r})".format)
    made, plain = pattern.with_value(value), Put("device", value, f"device({value!r})")
    assert (made, made.text, made.code, repr(made)) == (plain, plain.text, plain.code, repr(plain))
    assert type(made) is type(plain) is Put
    assert hash(made) == hash(plain)
    assert pickle.dumps(made) == pickle.dumps(plain)
    assert fold(kvm() | device(value)) == OptionMap({"accel": "kvm", "device": value})
    assert render(kvm() | device(value)) == ["-accel", "kvm" + made.text]


def test_the_code_is_not_a_part_of_the_value() -> None:
    assert Put("a", "1", "one") == Put("a", "1", "another")
    assert hash(Put("a", "1", "one")) == hash(Put("a", "1", "another"))
    assert Put("a", "1", "…") not in (
        Put("a", "2", "…"),
        Put("b", "1", "…"),
        Put("a", None, "…"),
        "a=1",
        None,
    )


@pytest.mark.parametrize("step", [Put("a", "1", "…"), tb_size(64).steps[0]], ids=repr)
def test_a_step_does_not_change(step: Put) -> None:
    before = repr(step)
    for name in ("key", "value", "text", "source", "code", "other"):
        with pytest.raises(AttributeError, match=f"{name}: a step does not change"):
            setattr(step, name, "2")
        with pytest.raises(AttributeError, match=f"{name}: a step does not change"):
            delattr(step, name)
    assert repr(step) == before
    assert pickle.loads(pickle.dumps(step)) == step


@pytest.mark.parametrize(
    ("key", "value"), [("", "1"), ("a=b", "1"), ("a,b", "1"), ("a\n", "1"), ("a", "1\n"), (1, "1"), ("a", 1)]
)
def test_a_step_that_no_argv_can_contain_is_refused(key: str, value: str) -> None:
    with pytest.raises(ArgvError):
        Put(key, value, "…")

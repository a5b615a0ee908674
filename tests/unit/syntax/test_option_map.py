"""Option maps: text to text, immutable, equal whatever the order of writing."""

from __future__ import annotations

import pickle
from collections import UserDict
from enum import Enum
from types import MappingProxyType
from typing import Any

import pytest

from accelkit import ArgvError, OptionMap, render
from accelkit.syntax.option_map import ORDER


def test_a_map_is_a_mapping_of_its_entries() -> None:
    options = OptionMap({"tb-size": "64", "accel": "tcg"})
    assert dict(options) == {"accel": "tcg", "tb-size": "64"}
    assert options["tb-size"] == "64"
    assert options.get("thread") is None
    assert "accel" in options
    assert "thread" not in options
    assert len(options) == 2
    assert len(OptionMap()) == 0
    with pytest.raises(KeyError):
        options["thread"]


def test_a_map_is_made_of_pairs_too_and_the_last_value_of_a_key_counts() -> None:
    assert OptionMap([("a", "1"), ("b", "2"), ("a", "3")]) == {"a": "3", "b": "2"}


def test_a_map_keeps_nothing_of_what_it_was_made_from() -> None:
    entries = {"a": "1"}
    options = OptionMap(entries)
    entries["a"] = "2"
    assert options == {"a": "1"}


def test_entries_come_in_the_order_of_the_manual_and_unknown_ones_last_and_sorted() -> None:
    keys = [*ORDER, "aa", "id", "zz", "ü"]
    assert list(OptionMap(dict.fromkeys(reversed(keys), "1"))) == keys


def test_maps_equal_other_mappings_with_the_same_entries_and_nothing_else() -> None:
    options = OptionMap({"a": "1"})
    for same in ({"a": "1"}, MappingProxyType({"a": "1"}), UserDict({"a": "1"}), OptionMap({"a": "1"})):
        assert options == same
        assert same == options
    for other in ({"a": "2"}, {"a": "1", "b": "1"}, {}, [("a", "1")], "a=1", None):
        assert options != other


def test_equal_maps_are_one_key_of_a_dict() -> None:
    one, other = OptionMap({"a": "1", "b": "2"}), OptionMap({"b": "2", "a": "1"})
    assert hash(one) == hash(other)
    assert {one: "found"}[other] == "found"
    assert {one, other, pickle.loads(pickle.dumps(one))} == {one}


def test_a_map_cannot_be_changed() -> None:
    options: Any = OptionMap({"a": "1"})
    with pytest.raises(TypeError):
        options["a"] = "2"
    with pytest.raises(TypeError):
        del options["a"]
    with pytest.raises(AttributeError):
        options.update(a="2")
    with pytest.raises(TypeError):
        options |= {"a": "2"}
    assert options == {"a": "1"}


def test_with_option_makes_another_map() -> None:
    options = OptionMap({"a": "1"})
    assert options.with_option("b", "2") == {"a": "1", "b": "2"}
    assert options.with_option("a", "2") == {"a": "2"}
    assert options.with_option("a", None) == {}
    assert options.with_option("b", None) == {"a": "1"}
    assert options == {"a": "1"}


def test_repr_is_code_in_the_order_of_rendering() -> None:
    assert repr(OptionMap({"b": "2", "accel": "tcg"})) == "OptionMap({'accel': 'tcg', 'b': '2'})"
    assert repr(OptionMap()) == "OptionMap({})"


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ({"": "1"}, "option name: got ''; takes non-empty text such as 'tb-size'"),
        ({5: "1"}, "option name: got 5; takes non-empty text such as 'tb-size'"),
        ({None: "1"}, "option name: got None; takes non-empty text such as 'tb-size'"),
        ({"a=b": "1"}, "option name: got 'a=b'; '=' and ',' end a name in QEMU; leave them out"),
        ({"a,b": "1"}, "option name: got 'a,b'; '=' and ',' end a name in QEMU; leave them out"),
        (
            {"a\n": "1"},
            "option name: 'a\\n' has a line break at position 1; an option is one line of text; remove it",
        ),
        ({"a": "\0"}, "a: '\\x00' has a NUL at position 0; an option is one line of text; remove it"),
        (
            {"a": "x\r"},
            "a: 'x\\r' has a carriage return at position 1; an option is one line of text; remove it",
        ),
        ({"a": 64}, "a: got 64; an option's value is text; use the property"),
        ({"a": True}, "a: got True; an option's value is text; use the property"),
        ({"a": None}, "a: got None; an option's value is text; use the property"),
    ],
)
def test_what_no_argv_can_contain_is_refused(entries: Any, message: str) -> None:
    with pytest.raises(ArgvError) as caught:
        OptionMap(entries)
    assert str(caught.value) == message


class Word(str, Enum):  # noqa: UP042  # the older mixin: its format() is not its text everywhere
    TCG = "tcg"
    THREAD = "thread"
    SINGLE = "single"


def test_text_of_another_class_is_kept_as_its_plain_text() -> None:
    options = OptionMap({"accel": Word.TCG, Word.THREAD: Word.SINGLE})
    assert options == {"accel": "tcg", "thread": "single"}
    assert render(options) == ["-accel", "tcg,thread=single"]
    assert eval(repr(options)) == options


@pytest.mark.parametrize(
    ("key", "value"), [("a,b", "1"), ("a=b", "1"), ("", "1"), ("a", "1\n"), ("a\0", "1")]
)
def test_no_constructor_accepts_an_option_that_no_argv_can_contain(key: str, value: str) -> None:
    with pytest.raises(ArgvError):
        OptionMap({"accel": "tcg"}).with_option(key, value)

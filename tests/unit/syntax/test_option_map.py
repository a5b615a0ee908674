"""Option maps: text to text, immutable, equal whatever the order of writing."""

from __future__ import annotations

import copy
import pickle
from collections import UserDict
from collections.abc import Callable
from enum import Enum
from types import MappingProxyType
from typing import Any

import pytest
from toolz import (
    assoc,
    assoc_in,
    dissoc,
    itemfilter,
    itemmap,
    keyfilter,
    keymap,
    last,
    merge,
    merge_with,
    pipe,
    update_in,
    valfilter,
    valmap,
)

from accelkit import (
    ArgvError,
    ComposeError,
    OptionMap,
    bundled,
    check,
    fold,
    kvm,
    recipe_of,
    render,
    shadow_mem,
    shell,
    tb_size,
    thread,
    verdict,
)
from accelkit.libvirt import to_libvirt
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
    instead = "an OptionMap does not change; write options | "
    with pytest.raises(TypeError, match=instead):
        options["a"] = "2"
    with pytest.raises(TypeError, match=instead):
        del options["a"]
    for name in ("update", "pop", "popitem", "setdefault", "clear"):
        assert not hasattr(options, name)
        with pytest.raises(AttributeError, match=instead):
            getattr(options, name)
    with pytest.raises(AttributeError, match="an OptionMap has no attribute 'add'"):
        options.add("a")
    assert options == {"a": "1"}


def test_a_union_is_another_map_and_the_last_value_wins() -> None:
    options: Any = OptionMap({"a": "1", "b": "1"})
    before = options
    options |= {"a": "2"}
    assert (type(options), options, before) == (OptionMap, {"a": "2", "b": "1"}, {"a": "1", "b": "1"})
    assert {"a": "3", "c": "3"} | before == OptionMap({"a": "1", "b": "1", "c": "3"})
    assert type({} | before) is OptionMap
    for other in ({"a": 1}, {"a,b": "1"}):
        with pytest.raises(ArgvError):
            before | other
    for other in (5, [("a", "1")], None):
        with pytest.raises(TypeError):
            before | other


def test_typed_values_are_those_that_the_properties_read() -> None:
    options = OptionMap(
        {"accel": "kvm", "rapl": "yes", "kvm-shadow-mem": "0x4000000", "device": "/dev/kvm", "notify-vmexit": "run",
         "notify-window": "-1", "x-new": "7", "id": "a"}
    )  # fmt: skip
    assert options.typed() == {
        "accel": "kvm", "kvm-shadow-mem": 67108864, "notify-vmexit": "run", "notify-window": "-1", "device": "/dev/kvm",
        "rapl": True, "id": "a", "x-new": "7",
    }  # fmt: skip
    assert list(options.typed()) == list(options)
    assert OptionMap().typed() == {}


#: What toolz makes of a map, and the map that it stands for.
TOOLZ: dict[str, tuple[Callable[[OptionMap], Any], dict[str, str]]] = {
    "assoc": (lambda options: assoc(options, "tb-size", "8"), {"accel": "tcg", "thread": "multi", "tb-size": "8"}),
    "dissoc": (lambda options: dissoc(options, "thread"), {"accel": "tcg"}),
    "merge": (lambda options: merge(options, {"tb-size": "8"}), {"accel": "tcg", "thread": "multi", "tb-size": "8"}),
    "merge_with": (lambda options: merge_with(last, options, {"thread": "single"}), {"accel": "tcg", "thread": "single"}),
    "keyfilter": (lambda options: keyfilter("accel".__eq__, options), {"accel": "tcg"}),
    "valfilter": (lambda options: valfilter("tcg".__eq__, options), {"accel": "tcg"}),
    "itemfilter": (lambda options: itemfilter(lambda item: item[0] != "thread", options), {"accel": "tcg"}),
    "valmap": (lambda options: valmap(str.lower, options), {"accel": "tcg", "thread": "multi"}),
    "keymap": (lambda options: keymap(str.lower, options), {"accel": "tcg", "thread": "multi"}),
    "itemmap": (lambda options: itemmap(tuple, options), {"accel": "tcg", "thread": "multi"}),
    "update_in": (lambda options: update_in(options, ["thread"], lambda _: "single"), {"accel": "tcg", "thread": "single"}),
    "assoc_in": (lambda options: assoc_in(options, ["thread"], "single"), {"accel": "tcg", "thread": "single"}),
    "copy": (copy.copy, {"accel": "tcg", "thread": "multi"}),
    "MappingProxyType": (MappingProxyType, {"accel": "tcg", "thread": "multi"}),
}  # fmt: skip


@pytest.mark.parametrize("name", TOOLZ)
def test_what_toolz_makes_of_a_map_is_taken_wherever_a_map_is(name: str) -> None:
    make, entries = TOOLZ[name]
    made, options = make(OptionMap({"accel": "tcg", "thread": "multi"})), OptionMap(entries)
    assert made == options
    assert OptionMap(made) == fold(made) == options
    assert render(made) == render([made]) == render(options)
    assert shell(made) == shell(options)
    schema = bundled("10.0")
    assert check(made, schema) == check(options, schema) == check([made], schema)
    assert verdict(made, schema).accepted
    assert thread.read(made) == thread.read(options)
    assert pipe(made, tb_size(64)) == tb_size(64)(options)
    assert fold(recipe_of(made)) == fold(recipe_of(options)) == options
    assert to_libvirt(dissoc(made, "thread")) == to_libvirt(dissoc(options, "thread"))


def test_a_pipe_may_begin_with_a_plain_dict() -> None:
    piped = pipe({}, kvm(), shadow_mem("64MiB"))
    assert type(piped) is OptionMap
    assert piped == fold(kvm() | shadow_mem("64MiB"))
    assert render(pipe({"accel": "tcg"}, tb_size(64))) == ["-accel", "tcg,tb-size=64"]
    for wrong in (None, 5, "kvm", [("accel", "kvm")], kvm()):
        with pytest.raises(
            ComposeError, match=r"a recipe takes an option map, got \w+; begin with OptionMap\(\) or {}"
        ):
            pipe(wrong, kvm())


def test_factory_is_refused_in_words() -> None:
    with pytest.raises(AttributeError, match=r"toolz' assoc and dissoc without factory="):
        assoc(OptionMap(), "accel", "kvm", factory=OptionMap)


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

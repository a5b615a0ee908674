"""Whatever a public function is given: it takes it, or raises an error of accelkit's own, in few words on one line."""

from __future__ import annotations

import inspect
import math
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.cli import ask

import accelkit
from accelkit import (
    AccelkitError,
    OptionMap,
    Put,
    Schema,
    bundled,
    check,
    device,
    each,
    first_of,
    kvm,
    option,
    parse,
    probe,
    sweep,
    tb_size,
    tcg,
    verdict,
)
from accelkit.guests import guest
from accelkit.guests.makers import command, disk, linux
from accelkit.guests.notation import guest_from
from accelkit.libvirt import from_libvirt, to_libvirt

QEMU = bundled("10.0")
SPACE = tcg() | tb_size(each(1, 2, 4))


class Failing:
    """Each method that Python calls by itself raises."""

    def __repr__(self) -> str:
        raise RuntimeError("repr")

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("eq")

    def __hash__(self) -> int:
        raise RuntimeError("hash")

    def __fspath__(self) -> str:
        raise RuntimeError("fspath")


class FailingText(str):
    """Text whose methods raise."""

    __slots__ = ()

    def __repr__(self) -> str:
        raise RuntimeError("repr")

    __str__ = lower = strip = split = __repr__  # type: ignore[assignment]


HOSTILE: dict[str, Any] = {
    "None": None, "True": True, "bytes": b"tcg", "number": 7, "negative": -1, "float": 1.5, "nan": math.nan,
    "infinity": math.inf, "complex": 1j, "4300 digits": 10**5000, "-4300 digits": -(10**5000),
    "digits as text": "9" * 5000, "surrogate": "\ud800", "byte": "\udcff", "NUL": "a\0b", "line break": "a\nb",
    "escape": "\x1b[1m", "nothing": "", "blank": "  ", "long": "x" * 200_000, "deep": "(" * 300, "{": "{a,{b", "list": [],
    "text in a list": ["a"], "numbers in a list": [1], "tuple": (), "mapping": {}, "number to number": {1: 2},
    "text to None": {"a": None}, "set": {1}, "range": range(3), "object": object(), "type": int, "function": len,
    "lists in lists": [[]], "failing": Failing(), "failing in a list": [Failing()], "failing in a mapping": {"a": Failing()},
    "failing text": FailingText("tcg"), "values": each(1, 2), "recipe": tcg(), "space": SPACE, "points": SPACE[:2],
    "fallback": first_of(kvm(), tcg()), "accelerator": kvm, "property": tb_size, "option map": OptionMap(), "schema": QEMU,
    "class": OptionMap, "class of errors": AccelkitError,
}  # fmt: skip

#: Values that describe: whoever makes one by hand gets what Python says.
DATA = {"Problem", "Verdict", "Schema", "Accelerator", "Property"}
PUBLIC: dict[str, Callable[..., Any]] = {
    name: value
    for name in accelkit.__all__
    if name not in DATA
    for value in [getattr(accelkit, name)]
    if callable(value) and not (inspect.isclass(value) and issubclass(value, Exception))
}
PUBLIC |= {
    function.__name__: function
    for function in (to_libvirt, from_libvirt, linux, disk, command, guest, guest_from)
}
#: Arguments that are right, for the functions that need some before the one that is not.
RIGHT: dict[str, tuple[Any, ...]] = {
    "linux": ("/dev/null",), "disk": ("/dev/null",), "command": (["-M", "none"],), "to_libvirt": (tcg(),),
    "guest": ("cpu",), "check": ("tcg",), "verdict": ("tcg",), "diff": (QEMU,), "option": ("x",), "doubling": (8,),
    "notify": ("run",), "Put": ("x", "y", "z"),
}  # fmt: skip


def calls_of(name: str, value: Any) -> Iterator[Callable[[], object]]:
    """Calls of a public function with ``value`` first, after what is right, last, and by each name."""
    function, right = PUBLIC[name], RIGHT.get(name, ())
    try:
        signature = inspect.signature(function)
    except ValueError:
        signature = None
    if name == "probe":  # of the QEMU that is there it would ask each time
        yield from (
            lambda words=words: probe(*words)
            for words in (("/" if value is None else value,), ([value],), ("/nonexistent", value))
        )
        return
    ways: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
        ((value,), {}), ((*right, value), {}), ((value, QEMU), {}), ((value, value), {}), ((value,) * 3, {}),
    ]  # fmt: skip
    for parameter in signature.parameters if signature is not None else ():
        ways += [(right, {parameter: value}), ((), {parameter: value})]
    for args, named in ways:
        if signature is not None:
            try:
                signature.bind(*args, **named)
            except TypeError:  # not a call of it: Python's own words
                continue
        yield lambda args=args, named=named: function(*args, **named)  # type: ignore[misc]


def take_or_refuse(do: Callable[[], object]) -> None:
    """Runs ``do``. Fails for an error that is not accelkit's, and for one that is long or has several lines."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            do()
        except AccelkitError as refusal:
            message = str(refusal)
            assert "\n" not in message
            assert len(message) < 2500
            message.encode()  # so that it can be printed


@pytest.mark.parametrize("name", PUBLIC)
def test_any_value_is_taken_or_refused_in_accelkits_words(name: str) -> None:
    tried = 0
    for value in HOSTILE.values():
        for call in calls_of(name, value):
            take_or_refuse(call)
            tried += 1
    assert tried >= len(HOSTILE) or name in PUBLIC.keys() & accelkit.ACCELERATORS.keys()  # which take nothing


JOINS: dict[str, Callable[[Any], object]] = {
    "recipe | x": lambda x: tcg() | x, "x | recipe": lambda x: x | tcg(),
    "space | x": lambda x: SPACE | x, "x | space": lambda x: x | SPACE,
    "fallback | x": lambda x: first_of(kvm(), tcg()) | x, "x | fallback": lambda x: x | first_of(kvm(), tcg()),
    "kvm | x": lambda x: kvm | x, "x | kvm": lambda x: x | kvm,
    "tb_size | x": lambda x: tb_size | x, "x | tb_size": lambda x: x | tb_size,
    "each | x": lambda x: each(1, 2) | x, "x | each": lambda x: x | each(1, 2),
    "recipe(x)": tcg(), "tb_size.read(x)": tb_size.read,
    "tb_size(each(x))": lambda x: tb_size(each(x)), "device(each(x, 1))": lambda x: device(each(x, "1")),
    "space.sample(x)": SPACE.sample, "space.sample(1, x)": lambda x: SPACE.sample(1, x),
    "Put(…, x)": lambda x: Put("a", x, "x"), "OptionMap({…: x})": lambda x: OptionMap({"a": x}),
    "OptionMap([(…, x)])": lambda x: OptionMap([("a", x)]), "parse([…, x])": lambda x: parse(["-accel", x]),
    "check([…, x])": lambda x: check(["-accel", x], QEMU), "check(option)": lambda x: verdict(tcg() | option("x", x), QEMU),
    "from_json(x)": Schema.from_json,
    "from_json(version)": lambda x: Schema.from_json({"format": 1, "version": x, "accelerators": {}, "package": "",
                                                      "target": "", "binary-literals": True}),
    "from_json(accelerators)": lambda x: Schema.from_json({"format": 1, "version": "10.0", "accelerators": x,
                                                           "package": "", "target": "", "binary-literals": True}),
    "phases={…: x}": lambda x: linux("/dev/null", phases={"a": x}), "extra=[x]": lambda x: linux("/dev/null", extra=[x]),
    "command([x])": lambda x: command([x]),
    **{f"with_work({field}=x)": lambda x, field=field: guest("cpu").with_work(**{field: x})
       for field in ("n", "size", "cpus", "seed", "slices", "hold", "memory", "machine", "name")},
}  # fmt: skip


@pytest.mark.parametrize("join", JOINS.values(), ids=JOINS)
def test_any_operand_and_part_is_taken_or_refused_in_accelkits_words(join: Callable[[Any], object]) -> None:
    for value in HOSTILE.values():
        take_or_refuse(lambda value=value: join(value))  # type: ignore[misc]


TEXTS = [
    "tcg() | option('a','\\ud800')", "tcg() | device('\\udfff')", "linux('/dev/null', name=5)", "linux('/dev/null', name={})",
    "linux('/dev/null', name='')", "linux('/dev/null', name='\\ud800')", "linux('/dev/null', name='a\\nb')",
    "linux('/dev/null', extra=5)", "linux('/dev/null', append=5)", "linux('/dev/null', passing=5)",
    "linux('/dev/null', passing={})", "linux('/dev/null', phases=5)", "linux('/dev/null', phases=[1])",
    "linux('/dev/null', phases={1: 2})", "linux('/dev/null', until=5)", "linux('/dev/null', target=[])", "linux({[]: 1})",
    "linux(5)", "linux('a\\0b')", "linux('/dev/null', '\\0')", "linux('/dev/null', memory=1.5)", "linux('/dev/null', machine=5)",
    "linux('/dev/null', until='(')", "linux('/dev/null', until='a{99999999999999999999}')", "disk('/dev/null', format=5)",
    "command(5)", "command([5])", "command({})", "guest([])", "guest({})", "guest('cpu', 5)", "guest('cpu').with_work(n=[])",
    "guest('cpu').with_work(name='\\ud800')", "guest('cpu').with_work(hold=5)", "each(" * 90 + ")" * 90, "tcg() | 5", "5 | tcg()",
    "tcg() | each(1, 2)", "each([])", "tb_size(1e999)", "doubling(1.5, 'a')", "unset(5)", "option(5, 5)", "first_of(5, 'a')",
    "notify(5, window='x')", "Recipe(5)", "-accel tcg -device '{\"a\": " + "[" * 100_000 + "'",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text[:40])
def test_any_text_is_taken_or_refused_in_accelkits_words(text: str) -> None:
    for read in (sweep, guest_from, parse, from_libvirt, lambda text: check(text, QEMU)):
        take_or_refuse(lambda read=read: read(text))  # type: ignore[misc]


def test_brackets_of_a_device_that_are_too_deep_are_no_problem_of_the_check() -> None:
    line = ["-accel", "kvm", "-M", "q35", "-device", '{"driver": ' + "[" * 50_000 + "]" * 50_000 + "}"]
    assert verdict(line, QEMU).accepted


@pytest.mark.parametrize(
    "words",
    [
        ["render", "tcg() | option('a','\\ud800')"],
        ["parse", "--libvirt", "/nonexistent"],
        ["parse", "tcg,tb-size=" + "9" * 5000],
        ["check", "--version", "9" * 5000, "tcg"],
        ["check", "--version", "\udcff", "tcg"],
        ["check", "--target", "\udcff", "tcg"],
        ["explain", "\udcff"],
        ["explain", "x" * 100_000],
        ["diff", "7.2", "a\0b"],
        ["diff", "7.2", "/"],
        ["run", "tcg", "--guest", "linux('/dev/null', name=5)"],
        ["run", "tcg", "--guest", "guest({})"],
        ["study", "tcg,tb-size={8,64", "--guest", "cpu"],
        ["study", "tcg,tb-size={8,64}", "--guest", "linux('/dev/null', name={})"],
        ["report", "a\0b"],
    ],
    ids=lambda words: " ".join(words)[:50],
)
def test_any_argument_of_the_command_is_taken_or_refused_in_a_line(words: list[str], tmp_path: Path) -> None:
    if words[0] == "study":
        words = [*words, "--store", str(tmp_path / "store.sqlite")]
    status, out, err = ask(*words)
    assert status in (0, 1, 2, 3)
    assert "Traceback" not in out + err
    assert all(line.startswith("accelkit") for line in err.splitlines())

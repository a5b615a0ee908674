"""Hypothesis strategies that follow from the table: values, recipes, option maps, fallbacks, spaces."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any, assert_never

from hypothesis import strategies as st

from accelkit import (
    ACCELERATORS,
    PROPERTIES,
    Each,
    Fallback,
    OptionMap,
    Property,
    Recipe,
    Space,
    each,
    first_of,
    notify,
    notify_vmexit,
    notify_window,
    option,
    unset,
)
from accelkit.recipes.domains import Int, OnOff, Size, Text, Words

#: Characters without those that no argv can contain, and without lone surrogates, which have no bytes.
UNFIT = st.characters(exclude_characters="\0\n\r", exclude_categories=["Cs"])
#: Text that a careless writer or reader of options gets wrong.
AWKWARD = st.sampled_from(
    ["", ",", ",,", ",,,", "a,b", "a,", ",a", "=", "a=b", ",x=y", "no", "nokernel-irqchip", "accel=tcg", "id=a",
     "-accel", "help", "%s", "%", "{}", " ", "\t", "ü", "日本", "\u202e", "'", '"', "\\", "$HOME", "0x40", "on"]
)  # fmt: skip
texts = AWKWARD | st.text(UNFIT, max_size=12)
#: Option names that QEMU's parser reads: the table's, and others.
keys = st.sampled_from(sorted(PROPERTIES)) | (
    st.sampled_from(["x-new", "no", "nothing", "foo.bar", "ü", "a b", "kernel_irqchip"])
    | st.text(UNFIT.filter(lambda character: character not in "=,"), min_size=1, max_size=8)
).filter(lambda key: key not in ("accel", "id"))
identifiers = st.from_regex(r"[A-Za-z][A-Za-z0-9._-]{0,5}", fullmatch=True)
#: Names that parse reads: those that some QEMU has.
known_accelerators = st.sampled_from(sorted(ACCELERATORS))
#: Names in the table and others, without ``help`` and ``?``, which are not accelerators.
accelerator_names = known_accelerators | texts.filter(lambda name: name not in ("help", "?"))


def values_of(row: Property[Any, Any]) -> st.SearchStrategy[Any]:
    """Values that ``row`` takes, in every spelling that it takes."""
    domain = row.domain
    match domain:
        case OnOff():
            return st.booleans() | st.sampled_from(["on", "off", "yes", "no", "true", "false", "y", "n"])
        case Words(words):
            return st.sampled_from(words)
        case Int(low=low, high=high, power_of_two=power):
            numbers = st.just(0) | powers_of_two(high) if power else st.integers(low, high)
            return numbers | numbers.map(str) | numbers.map(hex) | numbers.map(lambda number: f"0{number:o}")
        case Size(low=low, high=high, scale=scale, power_of_two=power, special=special):
            numbers = st.just(0) | powers_of_two(high) if power else st.integers(low, high)
            with_suffix = numbers.map(lambda number: f"{number * scale} B")
            return numbers | numbers.map(str) | with_suffix | st.sampled_from([low, *(n for n, _ in special)])
        case Text():
            return texts
        case _:
            assert_never(domain)


def powers_of_two(high: int) -> st.SearchStrategy[int]:
    """1, 2, 4, … up to ``high``."""
    return st.integers(0, high.bit_length() - 1).map(lambda shift: 1 << shift)


def rows_of(accel: str) -> list[Property[Any, Any]]:
    """The properties of an accelerator."""
    return [row for row in PROPERTIES.values() if accel in row.accels]


def steps(accel: str) -> st.SearchStrategy[Recipe[Any]]:
    """Single steps that ``accel`` knows: its properties, raw options, removals, the accelerator itself."""
    known = [values_of(row).map(row) for row in rows_of(accel)]
    removals = st.sampled_from([*rows_of(accel), "x-new"]).map(unset)
    if accel == "kvm":
        known.append(
            st.builds(notify, values_of(notify_vmexit), st.none() | values_of(notify_window))
            | st.just(unset(notify))
        )
    return st.one_of(*known, st.builds(option, keys, texts), removals, st.just(ACCELERATORS[accel]()))


def fragments(accel: str) -> st.SearchStrategy[Recipe[Any]]:
    """Recipes of any length that may choose no accelerator, the empty one among them."""
    return st.lists(steps(accel), max_size=4).map(composed)


def composed(parts: Any) -> Recipe[Any]:
    """The parts joined with ``|``."""
    return reduce(or_, parts, Recipe())


@st.composite
def recipes(draw: st.DrawFn, accel: str | None = None) -> Recipe[Any]:
    """Recipes that choose an accelerator."""
    name = accel or draw(st.sampled_from(sorted(ACCELERATORS)))
    return ACCELERATORS[name]() | draw(fragments(name))


@st.composite
def of_the_table(draw: st.DrawFn, accel: str) -> Recipe[Any]:
    """Recipes of an accelerator and its own properties only."""
    chosen = draw(st.lists(st.sampled_from(rows_of(accel)), max_size=5)) if rows_of(accel) else []
    return composed([ACCELERATORS[accel](), *(row(draw(values_of(row))) for row in chosen)])


@st.composite
def alike(draw: st.DrawFn, count: int) -> tuple[Recipe[Any], ...]:
    """``count`` fragments for the same accelerator, so that any two of them compose."""
    name = draw(st.sampled_from(sorted(ACCELERATORS)))
    return tuple(draw(fragments(name)) for _ in range(count))


@st.composite
def option_maps(draw: st.DrawFn, accelerators: st.SearchStrategy[str] = accelerator_names) -> OptionMap:
    """Maps that QEMU's own parser reads, with known and unknown options, whether or not its setters accept them."""
    entries = draw(st.dictionaries(keys, texts, max_size=5))
    entries["accel"] = draw(accelerators)
    if draw(st.booleans()):
        entries["id"] = draw(identifiers)
    return OptionMap(entries)


def fallbacks() -> st.SearchStrategy[Fallback]:
    """One to three recipes in the order in which they are tried."""
    return st.lists(recipes(), min_size=1, max_size=3).map(lambda chosen: first_of(*chosen))


def eaches(row: Property[Any, Any], most: int = 3) -> st.SearchStrategy[Each[Any]]:
    """Up to ``most`` values of ``row``, no two of the same meaning."""
    return st.lists(
        values_of(row), min_size=1, max_size=most, unique_by=lambda value: row.domain.write(value, row.name)
    ).map(lambda values: each(*values))


def axes(accel: str) -> st.SearchStrategy[Space[Any]]:
    """Spaces of one axis: each of some values, or each of some fragments."""
    varied = [eaches(row).map(row) for row in rows_of(accel)]
    if accel == "kvm":
        windows = values_of(notify_window) | eaches(notify_window)
        varied.append(st.builds(notify, eaches(notify_vmexit), st.none() | windows))
    chosen = st.lists(fragments(accel), min_size=1, max_size=3, unique=True).map(lambda parts: each(*parts))
    return st.one_of(*varied, chosen)


@st.composite
def spaces(draw: st.DrawFn, accel: str | None = None, most: int = 3) -> Space[Any]:
    """Small spaces: an accelerator, then axes and fragments in any order."""
    name = accel or draw(st.sampled_from(sorted(ACCELERATORS)))
    space = ACCELERATORS[name]() | draw(axes(name))
    for part in draw(st.lists(axes(name) | fragments(name), max_size=most - 1)):
        space = space | part
    return space


@st.composite
def fallback_spaces(draw: st.DrawFn) -> Space[Any]:
    """Fallbacks of which an alternative varies, and choices among fallbacks."""
    if draw(st.booleans()):
        return first_of(draw(recipes()), draw(spaces(most=1)), *draw(st.lists(recipes(), max_size=1)))
    return each(*draw(st.lists(fallbacks() | recipes(), min_size=1, max_size=3, unique=True)))

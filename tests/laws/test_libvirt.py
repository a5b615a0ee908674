"""Laws of domain XML: what libvirt can set is read back; any text is read or refused."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.strategies import fallbacks, option_maps, recipes

import accelkit
from accelkit import (
    PROPERTIES,
    ArgvError,
    LibvirtError,
    OptionMap,
    Recipe,
    fold,
    hvf,
    kvm,
    option,
)
from accelkit.errors import visible
from accelkit.libvirt import from_libvirt, to_libvirt
from accelkit.parsing.sources.domain_xml import domain_words

QEMU_NAMESPACE = "http://libvirt.org/schemas/domain/qemu/1.0"


def evaluated(code: str) -> Any:
    return eval(code, {name: getattr(accelkit, name) for name in accelkit.__all__})


def domain(inside: str, domain_type: str = "kvm") -> str:
    return (
        f"<domain type='{domain_type}' xmlns:qemu='{QEMU_NAMESPACE}' "
        f"xmlns:xen='http://libvirt.org/schemas/domain/xen/1.0'>{inside}</domain>"
    )


def passed(*words: str, prefix: str = "qemu") -> str:
    args = "".join(f"<{prefix}:arg value='{word}'/>" for word in words)
    return f"<{prefix}:commandline>{args}</{prefix}:commandline>"


# Laws
def effect(options: OptionMap) -> dict[str, Any]:
    """What ``options`` come to: values as they are read, and none where the value is the default of QEMU."""
    read = {
        key: PROPERTIES[key].domain.read(text) if key in PROPERTIES else text for key, text in options.items()
    }
    return {
        key: value
        for key, value in read.items()
        if (key, value) not in (("tb-size", 0), ("dirty-ring-size", 0))
    }


RINGS = st.sampled_from([0, *(1 << power for power in range(10, 17))])


SETTABLE = st.one_of(
    st.sampled_from([("hvf()",), ("xen()",)]),
    st.tuples(st.just("tcg()"), st.integers(0, (1 << 32) - 1).map("tb_size({})".format)),
    st.lists(
        st.sampled_from(["on", "off", "split"]).map("kernel_irqchip({})".format)
        | (st.just(-1) | st.integers(1 << 18, (1 << 31) - 1)).map("shadow_mem({})".format)
        | RINGS.map("dirty_ring_size({})".format),
        max_size=4,
    ).map(lambda steps: ("kvm()", *steps)),
).map(lambda steps: evaluated(" | ".join(steps)))


TARGETS = st.sampled_from(["x86_64", "i386", "aarch64"])


@given(SETTABLE, TARGETS)
def test_what_libvirt_can_set_is_read_back_with_the_same_effect(recipe: Recipe[Any], target: str) -> None:
    [options_read] = from_libvirt(to_libvirt(recipe, target=target))
    assert effect(options_read) == effect(fold(recipe))


@given(recipes() | option_maps(), TARGETS)
@example(kvm() | option("kvm-shadow-mem", "0x100000"), "x86_64")
@example(kvm() | option("dirty-ring-size", "-18446744073709550592"), "x86_64")
@example(hvf() | option("\x1f", ""), "x86_64")
def test_options_are_written_completely_or_refused(x: Any, target: str) -> None:
    options = fold(x) if isinstance(x, Recipe) else x
    text = answer(x, target)
    if text.startswith("<domain "):
        [options_read] = from_libvirt(text)
        assert effect(options_read) == effect(options)
    elif options["accel"] in ("kvm", "tcg", "hvf", "xen"):
        perhaps = {"accel", "kernel-irqchip", "kvm-shadow-mem", "dirty-ring-size", "tb-size"}
        assert all(f",{visible(key)}=" in text for key in options if key not in perhaps)
    else:
        assert "libvirt has no domain type for it" in text


@given(fallbacks())
def test_a_fallback_of_several_alternatives_is_refused(fallback: Any) -> None:
    if len(fallback.alternatives) > 1:
        with pytest.raises(LibvirtError, match="first_of"):
            to_libvirt(fallback)
    else:
        [only] = fallback.alternatives
        assert answer(fallback) == answer(only)


def answer(x: Any, target: str = "x86_64") -> str:
    """The domain XML, or the reason why it is refused."""
    try:
        return to_libvirt(x, target=target)
    except LibvirtError as error:
        return str(error)


@given(st.text(max_size=60) | st.binary(max_size=60))
def test_any_text_is_a_domain_or_refused(text: str | bytes) -> None:
    with pytest.raises(LibvirtError):
        from_libvirt(text)


AWKWARD = st.sampled_from(
    [
        "",
        " ",
        "0",
        "-1",
        "4096",
        "65536",
        "1e3",
        "0x1000",
        "on",
        "off",
        "kvm",
        "qemu",
        "MiB",
        "日本",
        "9" * 500,
    ]
)


@given(AWKWARD, AWKWARD, AWKWARD, AWKWARD, AWKWARD, st.sampled_from(["kvm", "qemu", "hvf", "xen"]))
@pytest.mark.filterwarnings("ignore::accelkit.IgnoredOptionWarning")
def test_any_attributes_are_read_or_refused(
    driver: str, state: str, size: str, unit: str, cache: str, domain_type: str
) -> None:
    inside = (
        f"<features><ioapic driver='{driver}'/><kvm><dirty-ring state='{state}' size='{size}'/></kvm>"
        f"<tcg><tb-cache unit='{unit}'>{cache}</tb-cache></tcg></features>"
    )
    with suppress(LibvirtError):
        [options] = from_libvirt(domain(inside, domain_type))
        assert options["accel"] in ("kvm", "tcg", "hvf", "xen")


@given(
    st.lists(
        st.sampled_from(
            ["-machine", "-accel", "-M", "kvm", "kernel_irqchip=on", "x", "-x", "", "-set", "a=b"]
        )
    )
)
@pytest.mark.filterwarnings("ignore::accelkit.IgnoredOptionWarning")
def test_words_for_qemu_are_read_or_refused(words: list[str]) -> None:
    xml = domain(passed(*words))
    assert domain_words(xml) == ["-accel", "kvm", *words]
    with suppress(ArgvError):
        assert from_libvirt(xml)[0]["accel"] == "kvm"

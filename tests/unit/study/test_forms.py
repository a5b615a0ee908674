"""written: each form of a recipe, and what libvirt cannot set."""

from __future__ import annotations

import json

import pytest

from accelkit import (
    Recipe,
    device,
    first_of,
    kernel_irqchip,
    kvm,
    multi,
    one_insn_per_tb,
    option,
    split,
    tb_size,
    tcg,
    thread,
    whpx,
)
from accelkit.errors import ComposeError, DomainError, LibvirtError
from accelkit.recipes.render import FORMS, Form
from accelkit.study import written

AWKWARD = kvm() | device("/dev/my $kvm%i")


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("shell", "-accel 'kvm,device=/dev/my $kvm%i'"),
        ("argv", "-accel\nkvm,device=/dev/my $kvm%i"),
        ("python", "from accelkit import device, kvm\n\nrecipe = kvm() | device('/dev/my $kvm%i')"),
        ("json", '["-accel", "kvm,device=/dev/my $kvm%i"]'),
        ("systemd", '-accel "kvm,device=/dev/my $$kvm%%i"'),
    ],
)
def test_each_form(form: Form, text: str) -> None:
    assert written(AWKWARD, form) == text


def test_a_shell_is_the_default_and_all_forms_are_written() -> None:
    assert written(AWKWARD) == written(AWKWARD, FORMS[0])
    assert [bool(written(tcg(), form)) for form in FORMS] == [True] * 6


def test_libvirt_gets_the_xml_of_the_domain() -> None:
    assert (
        written(tcg() | tb_size(64), "libvirt").splitlines()[3] == "      <tb-cache unit='MiB'>64</tb-cache>"
    )
    assert "<ioapic driver='qemu'/>" in written(kvm() | kernel_irqchip(split), "libvirt")
    assert "kernel_irqchip=split" in written(kvm() | kernel_irqchip(split), "libvirt", target="aarch64")


@pytest.mark.parametrize(
    ("recipe", "rest"),
    [
        (tcg() | thread(multi) | tb_size(64), "tcg() | thread(multi) | tb_size(64) | unset(thread)"),
        (
            tcg() | thread(multi) | option("x-new", "1"),
            "tcg() | thread(multi) | option('x-new', '1') | unset(thread) | unset('x-new')",
        ),
        (
            tcg() | one_insn_per_tb(True) | tb_size(8),
            "tcg() | one_insn_per_tb(on) | tb_size(8) | unset(one_insn_per_tb)",
        ),
    ],
)
def test_what_libvirt_cannot_set_is_named_with_the_recipe_that_it_can(recipe: Recipe, rest: str) -> None:
    with pytest.raises(LibvirtError) as error:
        written(recipe, "libvirt")
    assert str(error.value).endswith(f" | libvirt can set {rest}")


def test_of_alternatives_libvirt_can_set_no_rest() -> None:
    for recipe in (first_of(kvm(), tcg()), whpx()):
        with pytest.raises(LibvirtError) as error:
            written(recipe, "libvirt")
        assert "libvirt can set" not in str(error.value)


def test_alternatives_are_written_in_order() -> None:
    recipe = first_of(kvm(), tcg() | thread(multi))
    assert json.loads(written(recipe, "json")) == ["-accel", "kvm", "-accel", "tcg,thread=multi"]
    assert written(recipe, "systemd") == "-accel kvm -accel tcg,thread=multi"
    assert written(recipe, "python").startswith("from accelkit import first_of, kvm, multi, tcg, thread\n")


def test_another_form_is_refused() -> None:
    with pytest.raises(DomainError, match="form: got 'jso'; did you mean 'json'"):
        written(tcg(), "jso")  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("form", FORMS)
def test_what_chooses_no_accelerator_is_refused(form: Form) -> None:
    with pytest.raises(ComposeError, match="accelerator"):
        written(tb_size(64), form)

"""written: each form of a recipe, and what libvirt cannot set."""

from __future__ import annotations

import json

import pytest

from accelkit import (
    Recipe,
    device,
    each,
    first_of,
    fold,
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
    written,
)
from accelkit.errors import ComposeError, DomainError, LibvirtError
from accelkit.recipes.forms import FORMS, Form

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


# Format specs


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("recipe", [tcg() | tb_size(64), first_of(tcg() | tb_size(64))])
def test_a_format_spec_names_a_form(recipe: Recipe, form: Form) -> None:
    assert format(recipe, form) == written(recipe, form)


def test_without_a_form_a_recipe_is_formatted_as_its_code() -> None:
    for value in (kvm(), first_of(kvm(), tcg()), tcg() | tb_size(each(1, 2))):
        assert f"{value}" == str(value) == repr(value)
        for spec in (">40", "<40", "^40", "s", ".5", "*>60.7s"):
            assert format(value, spec) == format(repr(value), spec)


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("jsn", r"format spec: got 'jsn'; did you mean 'json'\?; or a width, as in f\"{recipe:>40}\""),
        ("SHELL", "did you mean 'shell'"),
        ("zzz", "one of shell, argv, python, json, libvirt, systemd"),
        ("d", "got 'd'; one of shell, argv"),
        (">9x", "got '>9x'; one of shell"),
    ],
)
def test_another_spec_is_refused_with_those_that_there_are(spec: str, says: str) -> None:
    for value in (kvm(), first_of(kvm(), tcg()), tcg() | tb_size(each(1, 2))):
        with pytest.raises(DomainError, match=says):
            format(value, spec)


def test_a_space_is_written_as_python_and_its_points_in_all_forms() -> None:
    space = tcg() | tb_size(each(1, 2))
    assert f"{space:python}".endswith("\n\nspace = tcg() | tb_size(each(1, 2))")
    assert [f"{point:shell}" for point in space] == ["-accel tcg,tb-size=1", "-accel tcg,tb-size=2"]
    for form in set(FORMS) - {"python"}:
        with pytest.raises(ComposeError, match=rf'has 2 points, .* write \[f"{{point:{form}}}" for point'):
            format(space, form)


def test_an_option_map_has_the_forms_of_its_recipe() -> None:
    options = fold(AWKWARD)
    for form in set(FORMS) - {"python", "libvirt"}:
        assert format(options, form) == format(AWKWARD, form)
    names: dict[str, object] = {}
    exec(f"{options:python}", names)
    assert names["options"] == options
    assert f"{options}" == repr(options)
    assert f"{fold(tcg()):libvirt}" == f"{tcg():libvirt}"


def test_written_takes_recipes_only() -> None:
    with pytest.raises(
        ComposeError, match=r"^written: got 'kvm'; takes a recipe, as in written\(kvm\(\), 'json'\)"
    ):
        written("kvm")  # pyright: ignore[reportArgumentType]

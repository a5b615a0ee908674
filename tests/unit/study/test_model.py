"""Configurations: what follows from a recipe, and what is left of one that a store has and nobody can read."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest

from accelkit import each, first_of, kvm, multi, option, split, tb_size, tcg, thread
from accelkit.errors import ComposeError
from accelkit.recipes.options import unset
from accelkit.study.model import Configuration, Trial, stored_configuration

POINTS = [
    tcg(),
    tcg() | tb_size(64) | thread(multi),
    tcg() | option("x-new", "a,b {c}"),
    first_of(kvm(), tcg() | tb_size(64)),
]


def test_name_argv_code_settings_and_accelerators_follow_from_the_recipe() -> None:
    point = Configuration(tcg() | tb_size(64))
    assert point.name == "tcg,tb-size=64"
    assert point.argv == ("-accel", "tcg,tb-size=64")
    assert point.code == "tcg() | tb_size(64)"
    assert point.settings == {"accel": "tcg", "tb-size": "64"}
    assert point.accelerators == ("tcg",)


def test_a_fallback_has_the_settings_of_all_its_alternatives() -> None:
    point = Configuration(first_of(kvm() | option("kernel-irqchip", "split"), tcg() | tb_size(64)))
    assert point.name == "kvm,kernel-irqchip=split else tcg,tb-size=64"
    assert point.settings == {"accel": "kvm then tcg", "kernel-irqchip": "split", "tcg tb-size": "64"}
    assert point.accelerators == ("kvm", "tcg")
    assert Configuration(first_of(tcg(), tcg())).accelerators == ("tcg",)


def test_settings_are_those_of_the_folded_map() -> None:
    assert Configuration(tcg() | tb_size(8) | tb_size(64)).settings["tb-size"] == "64"
    assert "tb-size" not in Configuration(tcg() | tb_size(8) | unset(tb_size)).settings


def test_a_recipe_without_an_accelerator_is_no_configuration() -> None:
    with pytest.raises(ComposeError, match="chooses no accelerator"):
        Configuration(tb_size(64))


@pytest.mark.parametrize("recipe", POINTS, ids=repr)
def test_a_configuration_is_a_value(recipe) -> None:
    point = Configuration(recipe)
    copy = pickle.loads(pickle.dumps(point))
    assert copy == point
    assert hash(copy) == hash(point)
    assert (copy.recipe, copy.settings, copy.accelerators) == (recipe, point.settings, point.accelerators)
    assert replace(point, name="other") != point


@pytest.mark.parametrize("recipe", POINTS, ids=repr)
def test_a_stored_configuration_is_the_one_that_was_stored(recipe) -> None:
    point = Configuration(recipe)
    again = stored_configuration(point.name, list(point.argv), point.code)
    assert again == point
    assert again.recipe == recipe
    without_code = stored_configuration(point.name, point.argv)
    assert (without_code.argv, without_code.settings) == (point.argv, point.settings)


@pytest.mark.parametrize(
    "code", ["", "tcg() | from_a_newer_version(1)", "tcg(", "tcg()", "tcg() | tb_size(each(1, 64))"]
)
def test_the_argv_is_read_where_the_code_does_not_render_to_it(code: str) -> None:
    point = stored_configuration("its name", ["-accel", "tcg,tb-size=64"], code)
    assert point.recipe == tcg() | tb_size(64)
    assert (point.name, point.code) == ("its name", "tcg() | tb_size(64)")
    assert point.settings == {"accel": "tcg", "tb-size": "64"}


@pytest.mark.parametrize("argv", [("-accel", "tcg,=,"), ("-accel",), ("-daemonize",), ()])
@pytest.mark.parametrize("code", ["", "gone(1)"])
def test_what_can_be_read_neither_way_keeps_name_argv_and_code(argv: tuple[str, ...], code: str) -> None:
    point = stored_configuration("bad", argv, code)
    assert (point.recipe, point.name, point.argv, point.code) == (None, "bad", argv, code)
    assert (point.settings, point.accelerators) == ({}, ())
    assert pickle.loads(pickle.dumps(point)) == point


def test_the_ids_of_trials_are_hashes_of_names_and_stay() -> None:
    """A store of any version is gone on with by these."""
    name = Configuration(tcg() | tb_size(64)).name
    assert Trial("7.2.22", "cpu", name, 3, 0).id == "f779c91198243bed"


def test_machine_properties_are_read_for_the_accelerators_that_know_them() -> None:
    point = stored_configuration("it", ["-M", "q35,accel=kvm:tcg,kernel_irqchip=split"])
    assert point.accelerators == ("kvm", "tcg")
    assert point.settings["kernel-irqchip"] == str(split)
    assert point.settings["accel"] == "kvm then tcg"


def test_a_space_is_not_a_configuration() -> None:
    with pytest.raises(ComposeError):
        Configuration(tcg() | tb_size(each(1, 2)))  # type: ignore[arg-type]

"""A click on a fix does what ``accelkit check --fix`` does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.strategies import fallbacks, recipes, spaces

from accelkit import (
    bundled,
    check,
    dirty_ring_size,
    each,
    first_of,
    kernel_irqchip,
    kvm,
    option,
    rapl,
    render,
    shadow_mem,
    split,
    tcg,
    xen_version,
)
from accelkit.checking.fix import mended
from accelkit.schemas import all_bundled
from accelkit.widgets.fixes import fixed
from accelkit.widgets.form import form_of, judged


def problems_of(value, schema):
    problems = judged(form_of(value), schema)
    return [*problems.general, *(one for own in problems.beside.values() for one in own)]


def after_fix(value, schema):
    """The value after the first fix that changes it."""
    forms = [fixed(form_of(value), problem) for problem in problems_of(value, schema)]
    return next(form.value() for form in forms if form is not None)


@given(recipes(), st.sampled_from(all_bundled()))
def test_a_fix_of_a_recipe_is_that_of_its_command_line(recipe, schema):
    for problem in check(recipe, schema):
        form = fixed(form_of(recipe), problem)
        words = mended(tuple(render(recipe)), problem.fix)
        if form is None:
            assert words == tuple(render(recipe)) or not words
        else:
            assert set(render(form.value())[1].split(",")) == set(words[1].split(","))


@given(recipes() | fallbacks() | spaces(), st.sampled_from(all_bundled()))
def test_a_fix_never_makes_what_cannot_be_composed(value, schema):
    form = form_of(value)
    if form is None:
        return
    for problem in problems_of(value, schema):
        better = fixed(form, problem)
        if better is not None:
            assert better.value() != value


NEW, OLD = bundled("11.1"), bundled("7.2")


@pytest.mark.parametrize(
    ("value", "schema", "better"),
    [
        (kvm() | rapl(True) | shadow_mem("1MiB"), OLD, kvm() | shadow_mem("1MiB")),
        (kvm() | option("dirty-ring-size", "1000"), NEW, kvm() | dirty_ring_size(1024)),
        (kvm() | xen_version(0x40011), NEW, kvm() | xen_version(0x40011) | kernel_irqchip(split)),
        (first_of(kvm() | rapl(True), tcg()), OLD, first_of(kvm(), tcg())),
        (kvm() | rapl(each(True, False)), OLD, kvm() | rapl(each(False))),
        (kvm() | kernel_irqchip(each("off", "split")), OLD, kvm() | kernel_irqchip(each("split"))),
        (
            kvm() | rapl(True) | each(shadow_mem("1MiB"), dirty_ring_size(1024)),
            OLD,
            kvm() | each(shadow_mem("1MiB"), dirty_ring_size(1024)),
        ),
    ],
)
def test_a_fix_changes_what_it_is_about_and_nothing_else(value, schema, better):
    assert after_fix(value, schema) == better


def test_a_problem_without_a_fix_has_no_button():
    [problem] = [one for one in problems_of(kvm() | rapl(True), NEW) if one.kind == "host"]
    assert fixed(form_of(kvm() | rapl(True)), problem) is None

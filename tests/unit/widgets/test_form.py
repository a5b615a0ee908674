"""The form of the explorer: controls to recipes, spaces and fallbacks, and back."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st
from support.strategies import (
    fallback_spaces,
    fallbacks,
    option_maps,
    recipes,
    rows_of,
    spaces,
    texts,
    values_of,
)

from accelkit import (
    ACCELERATORS,
    PROPERTIES,
    ComposeError,
    DomainError,
    Fallback,
    MiB,
    Recipe,
    Space,
    bundled,
    check,
    dirty_ring_size,
    each,
    first_of,
    fold,
    honor_guest_pat,
    kernel_irqchip,
    kvm,
    off,
    on,
    option,
    rapl,
    recipe_of,
    shadow_mem,
    split,
    tb_size,
    tcg,
)
from accelkit.widgets.alternative import Alternative, alternative_of
from accelkit.widgets.form import Form, form_of, judged, problems_of
from accelkit.widgets.joint_axes import read_axes


def canonical(options):
    """An option map with each value in the spelling that its property writes."""
    return fold(recipe_of(options))


def points(value):
    """The option maps of every point, each alternative's, in canonical spelling."""
    all_points = value if isinstance(value, Space) else (value,)
    return [
        [canonical(fold(recipe)) for recipe in (point if isinstance(point, Fallback) else (point,))]
        for point in all_points
    ]


@given(recipes())
def test_a_recipe_goes_through_the_controls_unchanged(recipe):
    assert points(form_of(recipe).value()) == points(recipe)


@given(option_maps())
def test_whatever_a_command_line_says_goes_through_the_controls(options):
    assert points(form_of(recipe_of(options)).value()) == [[canonical(options)]]


@given(fallbacks())
def test_a_fallback_goes_through_the_controls_unchanged(fallback):
    assert points(form_of(fallback).value()) == points(fallback)


@given(spaces() | fallback_spaces())
def test_the_points_of_a_space_go_through_the_controls_unchanged_or_it_has_none(space):
    form = form_of(space)
    assume(form is not None)
    try:
        value = form.value()
    except (DomainError, ComposeError):  # two spellings of one value, kept apart by option()
        assert len({str(point) for point in points(space)}) < space.size
    else:
        assert points(value) == points(space)


@st.composite
def forms(draw):
    """Every state that the controls can be in."""
    rows = []
    for _ in range(draw(st.integers(1, 3))):
        accel = draw(st.sampled_from(sorted(ACCELERATORS)))
        choices = {}
        for row in (
            draw(st.lists(st.sampled_from(rows_of(accel)), unique=True, max_size=4)) if rows_of(accel) else ()
        ):
            row_texts = values_of(row).map(lambda value, row=row: row.domain.write(value, row.name))
            choices[row.key] = draw(
                row_texts | st.lists(row_texts, min_size=1, max_size=3, unique=True).map(tuple)
            )
        if draw(st.booleans()):
            choices["x-new"] = draw(texts)
        together = draw(
            st.lists(st.sampled_from(rows_of(accel) or [None]), unique=True, min_size=1, max_size=2)
        )
        axes = each(*(row(draw(values_of(row))) for row in together)) if len(together) == 2 else None
        rows.append(Alternative(accel, choices, axes=axes))
    return Form(tuple(rows), draw(st.sampled_from(["first_of", "each"])) if len(rows) > 1 else "first_of")


@given(forms())
def test_controls_to_value_and_back_are_the_same_controls(form):
    try:
        value = form.value()
    except ComposeError:  # the same alternative twice in a sweep
        assume(False)
    back = form_of(value)
    if form.combine == "each" and not isinstance(value, Space):
        raise AssertionError(value)
    assert back is not None
    assert points(back.value()) == points(value)
    if form.combine == "first_of" or any(len(row.choices) for row in form.alternatives):
        assert back.alternatives == form.alternatives


@given(forms(), st.sampled_from(sorted(ACCELERATORS)))
def test_another_accelerator_parks_the_options_that_it_lacks_and_returns_them(form, name):
    one = form.alternatives[0]
    other = one.with_accel(name)
    assert all(name in PROPERTIES[key].accels for key in other.choices if key in PROPERTIES)
    assert other.recipe() is not None
    assert other.with_accel(one.accel).choices == one.choices


@given(forms(), st.data())
def test_judging_a_form_finds_the_problems_of_every_point(form, data):
    schema = bundled(data.draw(st.sampled_from(["5.2", "7.2", "10.0", "11.1"])))
    try:
        value = form.value()
    except ComposeError:
        assume(False)
    problems = judged(form, schema)
    shown = {problem for own in problems.beside.values() for problem in own} | set(problems.general)
    all_points = value if isinstance(value, Space) else (value,)
    expected = {problem for point in all_points for problem in check(point, schema)}
    assert shown == expected
    for (place, key), own in problems.beside.items():
        assert {problem.property for problem in own} == {key}
        assert key in form.alternatives[place].choices


def test_alternatives_are_added_moved_and_removed():
    form = form_of(kvm() | shadow_mem(64 * MiB))
    form = form.added()
    assert form.value() == first_of(kvm() | shadow_mem(64 * MiB), tcg())
    assert form.moved(0, 1).value() == first_of(tcg(), kvm() | shadow_mem(64 * MiB))
    assert form.moved(0, -1) == form
    assert form.without(1).value() == kvm() | shadow_mem(64 * MiB)
    assert form.without(1).without(0).alternatives == form.without(1).alternatives
    assert form.added().alternatives[2].accel == "kvm"


def test_options_that_vary_together_are_joint_axes():
    together = each(shadow_mem(64 * MiB), dirty_ring_size(1024) | rapl(on))
    value = kvm() | kernel_irqchip(split) | together
    [row] = form_of(value).alternatives
    assert row == Alternative("kvm", {"kernel-irqchip": "split"}, axes=together)
    assert form_of(value).value() == value == (kvm() | kernel_irqchip(split) | read_axes(repr(together)))
    # An option after the axes moves before them where that changes nothing, and only there.
    assert form_of(kvm() | together | kernel_irqchip(split)).value() == value
    assert form_of(kvm() | together | rapl(off)) is None
    # Another sweep after the axes stays there: the order of the points stays.
    later = kvm() | together | kernel_irqchip(each(on, off))
    assert list(form_of(later).value()) == list(later)
    # Without an accelerator the alternatives of a comparison have controls.
    assert form_of(together).combine == "each"


def test_every_choice_of_the_joint_axes_is_checked():
    form = form_of(kvm() | each(shadow_mem(64 * MiB), honor_guest_pat(on), rapl(on)))
    assert {problem.property for problem in judged(form, bundled("7.2")).general} == {
        "honor-guest-pat",
        "rapl",
    }


def test_spaces_that_vary_in_other_ways_have_no_controls():
    assert form_of(each(first_of(kvm(), tcg()), tcg())) is None
    assert form_of(each(kvm(), tcg()) | option("x", "1")) is None
    assert form_of(tcg() | tb_size(each(1, 2)) | tb_size(3)) is None
    assert alternative_of(first_of(kvm(), tcg() | tb_size(each(1, 2)))) is None


def test_a_space_without_controls_is_judged_by_its_points():
    space = kvm() | each(shadow_mem(64 * MiB), rapl(True))
    [problem] = problems_of(space, bundled("7.2"))
    assert problem.property == "rapl"


def test_an_empty_recipe_has_controls():
    assert form_of(Recipe()).alternatives == (Alternative(),)

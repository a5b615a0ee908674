"""The pure half of the widgets: what controls say to recipes and back, fields, notes, comparisons."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from html import escape
from xml.etree import ElementTree as ET

import pytest
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
    doubling,
    each,
    first_of,
    fold,
    honor_guest_pat,
    kernel_irqchip,
    kvm,
    off,
    on,
    one_insn_per_tb,
    option,
    parse,
    rapl,
    recipe_of,
    render,
    shadow_mem,
    split,
    tb_size,
    tcg,
    thread,
    unset,
)
from accelkit.libvirt import to_libvirt
from accelkit.study.progress import study_time
from accelkit.widgets import compare
from accelkit.widgets.alternative import Alternative, alternative_of, read_axes
from accelkit.widgets.field_text import (
    field_text,
    nearest_power,
    others_text,
    powers,
    read_field,
    read_others,
    read_sweep,
    sweep_text,
)
from accelkit.widgets.form import Form, form_of, judged, problems_of
from accelkit.widgets.notes import accel_label, lacking, property_html
from accelkit.widgets.outputs import outputs, outputs_html

ROWS = st.sampled_from(list(PROPERTIES.values()))


def canonical(options):
    """What an option map means: each value in the one spelling that its property writes."""
    return fold(recipe_of(options))


def points(value):
    """The option maps of every point, each alternative's, in canonical spelling."""
    each_point = value if isinstance(value, Space) else (value,)
    return [
        [canonical(fold(recipe)) for recipe in (point if isinstance(point, Fallback) else (point,))]
        for point in each_point
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
def test_a_space_goes_through_the_controls_point_by_point_or_has_none(space):
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
            written = values_of(row).map(lambda value, row=row: row.domain.write(value, row.name))
            choices[row.key] = draw(
                written | st.lists(written, min_size=1, max_size=3, unique=True).map(tuple)
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
def test_controls_to_recipe_and_back_is_where_one_was(form):
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
def test_another_accelerator_parks_what_it_has_not_and_gives_it_back(form, name):
    one = form.alternatives[0]
    other = one.with_accel(name)
    assert all(name in PROPERTIES[key].accels for key in other.choices if key in PROPERTIES)
    assert other.recipe() is not None
    assert other.with_accel(one.accel).choices == one.choices


@given(forms(), st.data())
def test_judging_a_form_finds_what_checking_every_point_finds(form, data):
    schema = bundled(data.draw(st.sampled_from(["5.2", "7.2", "10.0", "11.1"])))
    try:
        value = form.value()
    except ComposeError:
        assume(False)
    found = judged(form, schema)
    said = {problem for problems in found.beside.values() for problem in problems} | set(found.general)
    every = value if isinstance(value, Space) else (value,)
    expected = {problem for point in every for problem in check(point, schema)}
    assert said == expected
    for (place, key), problems in found.beside.items():
        assert {problem.property for problem in problems} == {key}
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


def test_what_varies_together_is_text_in_a_field_of_its_own():
    together = each(shadow_mem(64 * MiB), dirty_ring_size(1024) | rapl(on))
    value = kvm() | kernel_irqchip(split) | together
    [row] = form_of(value).alternatives
    assert row == Alternative("kvm", {"kernel-irqchip": "split"}, axes=together)
    assert form_of(value).value() == value == (kvm() | kernel_irqchip(split) | read_axes(repr(together)))
    # What comes behind is put before where that changes nothing, and nowhere else.
    assert form_of(kvm() | together | kernel_irqchip(split)).value() == value
    assert form_of(kvm() | together | rapl(off)) is None
    # Another sweep behind stays behind: the order of the points is kept.
    later = kvm() | together | kernel_irqchip(each(on, off))
    assert list(form_of(later).value()) == list(later)
    # Only options: a comparison of recipes has rows of controls.
    assert form_of(together).combine == "each"


@pytest.mark.parametrize(
    "text",
    [
        "tcg()",
        "tb_size(64)",
        "each(kvm(), tcg())",
        "each(tcg(), tb_size(1)) | tb_size(2)",
        "each(first_of(kvm(), tcg()))",
    ],
)
def test_what_is_no_axis_is_refused_with_an_example(text):
    with pytest.raises(ComposeError, match=r"as in each\(tb_size\(64\), thread\(single\)"):
        read_axes(text)


def test_what_varies_together_is_parked_with_the_accelerator_that_has_it():
    [row] = form_of(kvm() | each(shadow_mem(64 * MiB), dirty_ring_size(1024))).alternatives
    assert row.with_accel("tcg") == Alternative("tcg")
    assert row.with_accel("tcg").with_accel("kvm") == row


def test_every_choice_of_what_varies_together_is_checked():
    form = form_of(kvm() | each(shadow_mem(64 * MiB), honor_guest_pat(on), rapl(on)))
    assert {problem.property for problem in judged(form, bundled("7.2")).general} == {
        "honor-guest-pat",
        "rapl",
    }


def test_spaces_that_vary_in_more_than_that_have_no_controls():
    assert form_of(each(first_of(kvm(), tcg()), tcg())) is None
    assert form_of(each(kvm(), tcg()) | option("x", "1")) is None
    assert form_of(tcg() | tb_size(each(1, 2)) | tb_size(3)) is None
    assert alternative_of(first_of(kvm(), tcg() | tb_size(each(1, 2)))) is None


def test_the_last_write_counts_and_unset_takes_away():
    recipe = tcg() | tb_size(1) | thread("single") | tb_size(2) | unset(thread)
    assert form_of(recipe).alternatives == (Alternative("tcg", {"tb-size": "2"}),)


@given(ROWS, st.data())
def test_a_field_shows_every_value_so_that_it_reads_it_back(row, data):
    text = row.domain.write(data.draw(values_of(row)), row.name)
    assume(text.strip())
    assert read_field(row, field_text(row.domain, text)) == text


@given(ROWS, st.data())
def test_a_sweeps_field_shows_all_values_so_that_it_reads_them_back(row, data):
    written = values_of(row).map(lambda value: row.domain.write(value, row.name))
    kept = written.filter(
        lambda text: text.strip() and not text.startswith((",", " ")) and not text.endswith(",")
    )
    chosen = tuple(data.draw(st.lists(kept, min_size=1, max_size=4, unique=True)))
    assert read_sweep(row, sweep_text(row.domain, chosen)) == chosen


@given(ROWS, st.text(max_size=12))
def test_whatever_is_typed_is_read_or_refused_in_words(row, typed):
    for read in (read_field, read_sweep):
        with suppress(DomainError):
            read(row, typed)


@pytest.mark.parametrize(("typed", "meant"), [
    ("8, 64MiB, 512", ("8", "64", "512")), ("32..256", ("32", "64", "128", "256")), ("", ()), (" , ", ()),
    ("8MiB..32MiB, 100", ("8", "16", "32", "100")),
])  # fmt: skip
def test_sweeps_are_typed_as_values_or_as_doubling(typed, meant):
    assert read_sweep(tb_size, typed) == meant


@pytest.mark.parametrize(("typed", "said"), [
    ("64, 64MiB", "tb_size: 64MiB is there twice"), ("32..100", "doubling 32 does not give 100"),
    ("a, 64", "tb_size: got 'a'"), ("64MB", "write '64MiB'"), ("..", "tb_size: got ''"),
])  # fmt: skip
def test_a_bad_sweep_is_refused_in_words(typed, said):
    with pytest.raises(DomainError, match=said):
        read_sweep(tb_size, typed)


@pytest.mark.parametrize("row", PROPERTIES.values(), ids=str)
def test_the_steps_of_a_slider_are_values_in_order(row):
    steps = powers(row.domain)
    numbers = [int(text) for _, text in steps]
    assert numbers == sorted(set(numbers))
    for shown, text in steps:
        assert read_field(row, shown) == text
        assert nearest_power(row.domain, text) == text
    assert nearest_power(row.domain, None) == ""
    if len(steps) > 1:
        assert nearest_power(row.domain, str(numbers[-1])) == steps[-1][1]


@given(st.dictionaries(st.sampled_from(["x-new", "y", "id", "a.b"]), texts, max_size=3))
def test_other_options_are_written_as_qemu_reads_them(options):
    assert read_others(others_text(options.items())) == options


@pytest.mark.parametrize("typed", ["novalue", "x=1,flag", "=1", "accel=tcg"])
def test_other_options_without_name_or_value_are_refused(typed):
    with pytest.raises(ValueError, match=r"write name=value|control of its own"):
        read_others(typed)


def test_what_a_qemu_lacks_says_which_one_brings_it():
    assert (
        lacking(one_insn_per_tb, "tcg", bundled("7.2"))
        == "not in QEMU 7.2.22 (x86_64); QEMU 10.0, 11.1 have it"
    )
    assert lacking(one_insn_per_tb, "tcg", bundled("11.1")) == ""
    assert lacking(one_insn_per_tb, "tcg", None) == ""
    assert lacking(kernel_irqchip, "whpx", bundled("11.1")) == ""  # another build may have it all
    assert "not for x86_64 guests" in lacking(PROPERTIES["riscv-aia"], "kvm", bundled("11.1"))
    assert accel_label("whpx", bundled("11.1")) == "whpx (not in this QEMU: hosts Windows)"
    assert accel_label("kvm", bundled("11.1")) == "kvm"
    assert "no accelerator" in accel_label("foo", None)


@pytest.mark.parametrize("row", PROPERTIES.values(), ids=str)
def test_every_note_has_meaning_unit_default_range_and_versions(row):
    note = property_html(row, min(row.accels), "", "<bad>", ())
    for part in ("Default", "Takes", "QEMU", "&lt;bad&gt;"):
        assert part in note


def test_markup_in_values_is_text_on_the_page():
    assert "<script>" not in outputs_html(kvm() | option("x", "<script>"))
    assert "<script>" not in compare(kvm() | option("x", "<script>"))._repr_html_()


def test_outputs_of_a_space_are_those_of_its_first_points():
    _, argv, shell, xml = outputs(tcg() | tb_size(doubling(1, 1024)))
    assert argv.text.splitlines()[0] == "['-accel', 'tcg,tb-size=1']"
    assert argv.text.endswith("# and 3 more")
    assert len(shell.text.splitlines()) == 9
    assert xml.text.count("<domain type='qemu'>") == 8
    assert xml.text.endswith("</domain>\n<!-- and 3 more -->")


def test_outputs_have_the_domain_xml_that_can_be_copied():
    value = kvm() | kernel_irqchip(split)
    name, text = outputs(value)[3]
    assert (name, text) == ("libvirt XML", to_libvirt(value))
    page = outputs_html(value)
    assert f"<pre><code>{escape(text)}</code></pre>" in page
    assert '<div class="ak-output ak-libvirt">' in page
    assert 'title="copy libvirt XML"' in page


def test_what_libvirt_cannot_say_stands_there_in_words():
    text = outputs(kvm() | honor_guest_pat("on") | option("x", "a---b"))[3].text
    assert text.startswith(
        "<!-- kvm,honor-guest-pat=on: libvirt has no element for it, and QEMU takes it only"
    )
    assert "kvm,x=a- - -b: " in text
    assert ET.fromstring(f"<domain>{text}</domain>").tag == "domain"  # it is a comment indeed
    assert "take one alternative" in outputs(first_of(kvm(), tcg()))[3].text


def test_outputs_without_an_accelerator_say_so():
    assert outputs(tb_size(64))[1].text == (
        "# tb_size(64) chooses no accelerator; begin with one, as in tcg() | …"
    )


def test_the_time_of_a_study_is_said():
    assert study_time(1, 5, 0.5) == "1 point × 5 blocks × 0.5 s: about 3 s"


def test_a_space_without_controls_is_judged_by_its_points():
    space = kvm() | each(shadow_mem(64 * MiB), rapl(True))
    [problem] = problems_of(space, bundled("7.2"))
    assert problem.property == "rapl"


def test_compare_marks_differences_and_judges_every_version():
    table = compare(kvm() | honor_guest_pat("on"), tcg() | one_insn_per_tb(True), tcg())
    assert table.labels == ("A", "B", "C")
    assert table.different == ("accel", "one-insn-per-tb", "honor-guest-pat")
    assert [[accepted for accepted, _ in row] for row in table.verdicts] == [
        [False, False, False, True], [False, False, True, True], [True, True, True, True],
    ]  # fmt: skip
    assert str(table) == GOLDEN


GOLDEN = """\
A  kvm() | honor_guest_pat(on)
B  tcg() | one_insn_per_tb(on)
C  tcg()

option           A    B    C
accel            kvm  tcg  tcg  ≠
one-insn-per-tb  –    on   –    ≠
honor-guest-pat  on   –    –    ≠

   QEMU 5.2.0 (x86_64)  QEMU 7.2.22 (x86_64)  QEMU 10.0.13 (x86_64)  QEMU 11.1.3 (x86_64)
A  ✗ refused            ✗ refused             ✗ refused              ✓ taken; ▲ depends on the host
B  ✗ refused            ✗ refused             ✓ taken                ✓ taken
C  ✓ taken              ✓ taken               ✓ taken                ✓ taken

✗ refused: kvm,honor-guest-pat=on: kvm of QEMU 5.2.0 (x86_64) has no property 'honor-guest-pat'; take QEMU 11.1, or leave it out [A on 5.2.0 (x86_64)]
✗ refused: kvm,honor-guest-pat=on: kvm of QEMU 7.2.22 (x86_64) has no property 'honor-guest-pat'; take QEMU 11.1, or leave it out [A on 7.2.22 (x86_64)]
✗ refused: kvm,honor-guest-pat=on: kvm of QEMU 10.0.13 (x86_64) has no property 'honor-guest-pat'; take QEMU 11.1, or leave it out [A on 10.0.13 (x86_64)]
▲ depends on the host: kvm,honor-guest-pat=on: on needs a kernel that can switch off the ignore-guest-PAT quirk; write auto or off [A on 11.1.3 (x86_64)]
✗ refused: tcg,one-insn-per-tb=on: tcg of QEMU 5.2.0 (x86_64) has no property 'one-insn-per-tb'; take QEMU 10.0, 11.1, or leave it out [B on 5.2.0 (x86_64)]
✗ refused: tcg,one-insn-per-tb=on: tcg of QEMU 7.2.22 (x86_64) has no property 'one-insn-per-tb'; take QEMU 10.0, 11.1, or leave it out [B on 7.2.22 (x86_64)]"""


def test_compare_takes_fallbacks_and_command_lines():
    table = compare(first_of(kvm() | kernel_irqchip(split), tcg()), "kvm", parse("-accel tcg"))
    assert table.options[:2] == (
        ("1. accel", ("kvm", "kvm", "tcg")),
        ("1. kernel-irqchip", ("split", None, None)),
    )
    assert table.options[2] == ("2. accel", ("tcg", None, None))


def test_compare_refuses_nothing_and_spaces():
    with pytest.raises(ComposeError, match="nothing to compare"):
        compare()
    with pytest.raises(ComposeError, match="check its points"):
        compare(tcg() | tb_size(each(1, 2)))


def test_letters_go_on_after_z():
    assert compare(*[tcg()] * 27, schemas=[]).labels[-1] == "A2"


@given(recipes(), recipes())
def test_compare_marks_exactly_what_renders_differently(one, other):
    table = compare(one, other, schemas=[bundled()])
    assert (table.different == ()) == (render(one) == render(other))


def test_without_ipywidgets_the_message_names_the_extra():
    code = (
        "import sys; sys.modules['ipywidgets'] = None\n"
        "from accelkit import tb_size\nfrom accelkit.widgets import compare, control, explore\n"
        "for call in (explore, lambda: control(tb_size)):\n"
        "    try: call()\n"
        "    except ImportError as error: print(error)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.count("pip install 'accelkit[notebook]'") == 2


def test_the_pure_modules_load_no_ipywidgets():
    code = (
        "import sys, accelkit.widgets, accelkit.widgets.outputs, accelkit.widgets.notes\n"
        "sys.exit('ipywidgets' in sys.modules or 'anywidget' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_empty_recipe_has_controls():
    assert form_of(Recipe()).alternatives == (Alternative(),)

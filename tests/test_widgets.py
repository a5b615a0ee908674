"""The widgets on the Python side: a control set as the page sets it, and what comes of it. No browser."""

from __future__ import annotations

import pytest
from support.tools import module

w = module("ipywidgets")
module("anywidget")

import traitlets  # noqa: E402
from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402
from strategies import fallbacks, recipes, rows_of, spaces, values_of  # noqa: E402

from accelkit import (  # noqa: E402
    ACCELERATORS,
    PROPERTIES,
    DomainError,
    MiB,
    OptionMap,
    Recipe,
    bundled,
    dirty_ring_size,
    doubling,
    each,
    first_of,
    fold,
    kernel_irqchip,
    kvm,
    notify_vmexit,
    option,
    rapl,
    recipe_of,
    render,
    run,
    shadow_mem,
    split,
    tb_size,
    tcg,
    thread,
)
from accelkit.domains import OnOff, Words  # noqa: E402
from accelkit.widgets import control, explore  # noqa: E402
from accelkit.widgets.entries import FieldEntry, FieldSweep, WordEntry, WordsSweep  # noqa: E402
from accelkit.widgets.entry import field_text, sweep_text  # noqa: E402


def row_of(panel, prop):
    return next(row for row in panel.rows() if row.row is prop)


def set_by_hand(entry, domain, texts):
    """Moves the widgets of an entry to ``texts``, with the messages that the page sends."""
    match entry:
        case WordEntry(widgets=[widget]):
            widget.set_state({"index": [value for _, value in widget.options].index(texts[0])})
        case FieldEntry(widgets=[field, *_]):
            field.set_state({"value": field_text(domain, texts[0])})
        case WordsSweep(widgets=boxes):
            for box in boxes:
                box.set_state({"value": box.description in texts})
        case FieldSweep(widgets=[field, *_]):
            field.set_state({"value": sweep_text(domain, texts)})
        case _:
            raise AssertionError(entry)


def shown(row):
    return row._note.value


@settings(max_examples=25)
@given(st.sampled_from(sorted(ACCELERATORS)), st.data())
def test_every_state_that_controls_can_reach_is_the_recipe_and_back(accel, data):
    panel = explore(tcg() if accel == "kvm" else kvm())
    panel.accel.value = accel
    expected = ACCELERATORS[accel]()
    for prop in (
        data.draw(st.lists(st.sampled_from(rows_of(accel)), unique=True, max_size=4))
        if rows_of(accel)
        else []
    ):
        row = row_of(panel, prop)
        written = values_of(prop).map(lambda value, prop=prop: prop.domain.write(value, prop.name))
        plain = written.filter(lambda text: text.strip() and text == text.strip() and "," not in text)
        texts = data.draw(st.lists(plain, min_size=1, max_size=3, unique=True))
        values = [prop.read(OptionMap({prop.key: text})) for text in texts]
        if data.draw(st.booleans()):
            row.sweep.set_state({"value": True})
            set_by_hand(row.entry, prop.domain, texts)
            if isinstance(prop.domain, OnOff | Words):  # boxes have the table's order
                words = ("on", "off") if isinstance(prop.domain, OnOff) else prop.domain.words
                values = [prop.domain.read(word) for word in words if word in texts]
            expected = expected | prop(each(*values))
        else:
            set_by_hand(row.entry, prop.domain, texts[:1])
            expected = expected | prop(values[0])
    assert panel.value == expected
    again = explore(panel.value)
    assert again.value == expected
    for row in again.rows():
        assert row._choice == row_of(panel, row.row)._choice


@settings(max_examples=25)
@given(recipes() | fallbacks() | spaces())
def test_any_value_can_be_assigned_and_is_kept_as_it_is(value):
    panel = explore()
    panel.value = value
    assert panel.value == value
    assert "<pre><code>" in panel.outputs.value


def test_domain_xml_is_for_the_guests_of_the_qemu_that_is_chosen():
    panel = explore(kvm() | kernel_irqchip("on"))
    assert "ioapic" in panel.outputs.value
    panel.schema = bundled("11.1", "aarch64")
    assert "ioapic" not in panel.outputs.value
    assert "kernel_irqchip=on" in panel.outputs.value
    panel.schema = None
    assert "ioapic" in panel.outputs.value


def test_a_change_by_hand_changes_that_option_only():
    panel = explore(kvm() | notify_vmexit(run) | option("x-new", "a,b") | shadow_mem(64 * MiB))
    row_of(panel, notify_vmexit).entry.widgets[0].value = "disable"
    assert panel.value == kvm() | notify_vmexit("disable") | option("x-new", "a,b") | shadow_mem(64 * MiB)
    row_of(panel, shadow_mem).entry.widgets[0].value = ""
    assert panel.value == kvm() | notify_vmexit("disable") | option("x-new", "a,b")


def test_a_bad_value_is_said_beside_its_control_and_the_last_good_recipe_stays():
    panel = explore(tcg() | tb_size(64))
    row = row_of(panel, tb_size)
    row.entry.widgets[0].value = "64MB"
    assert panel.value == tcg() | tb_size(64)
    assert "write &#x27;64MiB&#x27;" in shown(row)
    row_of(panel, thread).entry.widgets[0].value = "single"  # what is half typed is left alone
    assert panel.value == tcg() | tb_size(64) | thread("single")
    assert row.entry.widgets[0].value == "64MB"
    row.entry.widgets[0].value = "128MiB"
    assert panel.value == tcg() | tb_size(128) | thread("single")
    assert "64MB" not in shown(row)


def test_the_slider_and_the_field_of_a_size_move_together():
    panel = explore(tcg())
    field, slider = row_of(panel, tb_size).entry.widgets
    slider.set_state({"index": [value for _, value in slider.options].index("256")})
    assert panel.value == tcg() | tb_size(256)
    assert field.value == "256MiB"
    field.value = "100MiB"
    assert slider.value == "64"
    assert panel.value == tcg() | tb_size(100)
    slider.set_state({"index": 0})
    assert panel.value == tcg()


def test_a_sweep_is_a_space_with_points_and_time_and_back():
    panel = explore(tcg() | tb_size(64))
    row = row_of(panel, tb_size)
    row.sweep.value = True
    assert panel.value == tcg() | tb_size(each(64))
    row.entry.widgets[1].set_state({"index": (5, 8)})
    assert row.entry.widgets[0].value == "32MiB..256MiB"
    assert panel.value == tcg() | tb_size(doubling(32, 256))
    panel.cost.seconds.value = 3
    assert "4 points × 5 blocks × 3 s: about 1 min 0 s" in panel.cost.said.value
    row_of(panel, thread).sweep.value = True
    for box in row_of(panel, thread).entry.widgets:
        box.value = True
    assert panel.value.size == 8
    row_of(panel, thread).sweep.value = False
    row.sweep.value = False
    assert panel.value == tcg() | tb_size(32) | thread("single")


def test_pasting_a_command_line_sets_the_controls_and_keeps_what_is_unknown():
    panel = explore()
    panel.paste.value = "qemu-system-x86_64 -M q35 -accel tcg,tb-size=0x40,x-new=a,,b -m 1G"
    assert panel.value == tcg() | tb_size(64) | option("x-new", "a,b")
    assert panel.others.value == "x-new=a,,b"
    assert panel.paste.value == ""
    panel.paste.value = "kvm,kernel-irqchip=sideways"
    assert render(panel.value) == ["-accel", "kvm,kernel-irqchip=sideways"]
    assert row_of(panel, kernel_irqchip).entry.widgets[0].value == "sideways"
    assert "sideways" in shown(row_of(panel, kernel_irqchip))
    panel.paste.value = "-accel kvm -accel tcg,tb-size=256"
    assert panel.value == first_of(kvm(), tcg() | tb_size(256))
    panel.paste.value = "tcg,tb-size={8,64}"
    assert panel.value == tcg() | tb_size(each(8, 64))
    panel.paste.value = "<domain type='qemu'> <features><tcg><tb-cache unit='MiB'>64</tb-cache></tcg></features></domain>"
    assert panel.value == tcg() | tb_size(64)
    panel.paste.value = "<domain type='qmeu'/>"
    assert "ak-problem" in panel.paste_note.value
    panel.paste.value = "tcg() | tb_size("
    assert "ak-problem" in panel.paste_note.value
    assert panel.value == tcg() | tb_size(64)


def test_other_options_are_typed_as_qemu_writes_them():
    panel = explore(tcg() | tb_size(64))
    panel.others.value = "x-new=1,y=a,,b"
    assert panel.value == tcg() | tb_size(64) | option("x-new", "1") | option("y", "a,b")
    panel.others.value = "x-new"
    assert "write name=value" in panel.general.value
    assert panel.value == tcg() | tb_size(64) | option("x-new", "1") | option("y", "a,b")
    panel.others.value = ""
    assert panel.value == tcg() | tb_size(64)


def test_what_the_qemu_lacks_is_greyed_out_and_says_who_has_it():
    panel = explore(kvm(), bundled("7.2"))
    row = row_of(panel, rapl)
    assert row.entry.widgets[0].disabled
    assert "QEMU 10.0, 11.1 have it" in shown(row)
    panel.value = kvm() | rapl(True)  # set all the same: it must be possible to unset it
    assert not row.entry.widgets[0].disabled
    assert "refused" in shown(row)
    panel.qemu.value = "QEMU 11.1.3 (x86_64)"
    assert panel.schema == bundled("11.1")
    assert "depends on the host" in shown(row)
    panel.qemu.value = "any QEMU: nothing is checked"
    assert panel.schema is None
    assert "depends on the host" not in shown(row)


def test_assigning_a_schema_judges_by_it():
    panel = explore(kvm() | rapl(True))
    panel.schema = bundled("7.2")
    assert panel.qemu.value == "QEMU 7.2.22 (x86_64)"
    assert "refused" in shown(row_of(panel, rapl))


def test_a_qemu_that_does_not_answer_is_said_and_the_last_one_stays():
    panel = explore(kvm(), bundled("7.2"))

    def refuses():
        raise bundled_error

    from accelkit import QemuError

    bundled_error = QemuError("it does not answer; install it")
    panel._qemus["QEMU 5.2.0 (x86_64)"] = refuses
    panel.qemu.value = "QEMU 5.2.0 (x86_64)"
    assert "it does not answer" in panel.general.value
    assert panel.qemu.value == "QEMU 7.2.22 (x86_64)"
    assert panel.schema == bundled("7.2")


def test_alternatives_are_added_edited_moved_and_removed_by_buttons():
    panel = explore(kvm() | kernel_irqchip(split))
    panel.alternatives.add.click()
    assert panel.value == first_of(kvm() | kernel_irqchip(split), tcg())
    row_of(panel, tb_size).entry.widgets[0].value = "256"
    assert panel.value == first_of(kvm() | kernel_irqchip(split), tcg() | tb_size(256))
    panel.alternatives.buttons(1)[1].click()  # earlier
    assert panel.value == first_of(tcg() | tb_size(256), kvm() | kernel_irqchip(split))
    panel.alternatives.buttons(1)[0].click()  # edit
    assert panel.accel.value == "kvm"
    assert row_of(panel, kernel_irqchip).entry.widgets[0].value == "split"
    panel.alternatives.combine.value = "each"
    assert panel.value == each(tcg() | tb_size(256), kvm() | kernel_irqchip(split))
    panel.alternatives.buttons(0)[3].click()  # remove
    assert panel.value == kvm() | kernel_irqchip(split)


def test_two_alternatives_alike_in_a_sweep_are_refused_in_words_until_they_differ():
    panel = explore(each(tcg(), kvm()))
    panel.alternatives.buttons(1)[0].click()
    panel.accel.value = "tcg"
    assert panel.value == each(tcg(), kvm())
    assert "twice" in panel.general.value
    row_of(panel, tb_size).entry.widgets[0].value = "8"
    assert panel.value == each(tcg(), tcg() | tb_size(8))
    assert "twice" not in panel.general.value


def test_two_alternatives_of_one_accelerator_keep_their_own_values():
    panel = explore(first_of(tcg() | tb_size(8), tcg() | tb_size(64)))
    assert row_of(panel, tb_size).entry.widgets[0].value == "8MiB"
    panel.alternatives.buttons(1)[0].click()
    assert row_of(panel, tb_size).entry.widgets[0].value == "64MiB"
    assert panel.value == first_of(tcg() | tb_size(8), tcg() | tb_size(64))


def test_another_accelerator_and_back_brings_the_options_back():
    panel = explore(kvm() | shadow_mem(64 * MiB))
    panel.accel.value = "tcg"
    assert panel.value == tcg()
    panel.accel.value = "kvm"
    assert panel.value == kvm() | shadow_mem(64 * MiB)


def test_a_space_without_controls_is_kept_and_said():
    panel = explore()
    panel.value = each(kvm(), tcg()) | option("x-new", "1")
    assert panel.accel.disabled
    assert panel.axes.disabled
    assert "no controls" in panel.general.value
    panel.value = tcg()
    assert not panel.accel.disabled
    assert "no controls" not in panel.general.value


def test_what_varies_together_is_edited_as_text_beside_the_controls():
    panel = explore(kvm() | each(shadow_mem(64 * MiB), dirty_ring_size(1024)))
    assert panel.axes.value == "each(shadow_mem(64 * MiB), dirty_ring_size(1024))"
    row = next(row for row in panel.rows() if row.row.key == "kernel-irqchip")
    row.entry.widgets[0].value = "split"
    assert panel.value == kvm() | kernel_irqchip(split) | each(shadow_mem(64 * MiB), dirty_ring_size(1024))
    panel.axes.value = "each(shadow_mem('1MiB'), dirty_ring_size(4096), Recipe())"
    assert panel.value == kvm() | kernel_irqchip(split) | each(shadow_mem(MiB), dirty_ring_size(4096), Recipe())
    good = panel.value
    for bad, said in (("each(shadow_mem(1)", "was never closed"), ("__import__('os')", "__import__"), ("tcg()", "varies together")):
        panel.axes.value = bad
        assert said in panel.general.value
        assert panel.value == good
        assert panel.axes.value == bad
    panel.axes.value = ""
    assert panel.value == kvm() | kernel_irqchip(split)
    panel.accel.value = "tcg"
    panel.axes.value = "each(shadow_mem('1MiB'), dirty_ring_size(4096))"
    assert "shadow_mem" in panel.general.value, "tcg has none of these"
    assert panel.value == tcg()


def test_a_recipe_without_accelerator_waits_for_one():
    panel = explore(tb_size(64))
    assert "chooses no accelerator" in panel.general.value
    panel.accel.value = "tcg"
    assert render(panel.value) == ["-accel", "tcg,tb-size=64"]


def test_another_value_is_refused():
    with pytest.raises(traitlets.TraitError, match="takes a recipe"):
        explore("kvm")


def test_observe_link_and_interactive_output_work():
    panel, other, seen = explore(), explore(tcg()), []
    panel.observe(lambda change: seen.append(change.new), names="value")
    traitlets.link((panel, "value"), (other, "value"))
    row_of(panel, shadow_mem).entry.widgets[0].value = "64MiB"
    assert seen == [kvm() | shadow_mem(64 * MiB)]
    assert other.value == panel.value
    calls = []
    w.interactive_output(lambda recipe: calls.append((recipe,)), {"recipe": panel})
    row_of(other, shadow_mem).entry.widgets[0].value = "1MiB"
    assert calls[-1] == (panel.value,) == (kvm() | shadow_mem(MiB),)


def test_explore_and_control_are_arguments_of_a_users_own_interactive():
    calls = []
    form = w.interactive(
        lambda size, recipe: calls.append((size, recipe)), size=control(tb_size), recipe=explore()
    )
    form.update()
    assert calls[-1] == (0, kvm())
    assert form.children[0].description == "tb_size"


@pytest.mark.parametrize("prop", PROPERTIES.values(), ids=str)
def test_a_control_begins_with_a_value_that_its_property_takes(prop):
    made = control(prop)
    assert prop(made.value) is not None
    assert isinstance(made, w.ValueWidget)


def test_a_control_takes_good_values_only():
    made = control(tb_size, "64MiB")
    assert made.value == 64
    made._entry.widgets[0].value = "65"
    assert made.value == 65
    for bad in ("65MB", ""):
        made._entry.widgets[0].value = bad
        assert made.value == 65
        assert "takes" in made._note.value
    made._entry.widgets[1].set_state({"index": 3})
    assert made.value == 8
    assert made._note.value == ""
    made.value = "1GiB"
    assert made.value == 1024
    assert made._entry.widgets[0].value == "1GiB"
    with pytest.raises(DomainError):
        made.value = -1
    with pytest.raises(DomainError):
        control(tb_size, "64MB")


def test_a_control_of_words_and_switches_has_python_values():
    switch = control(rapl)
    switch._entry.widgets[0].value = "on"
    assert switch.value is True
    words = control(notify_vmexit)
    words._entry.widgets[0].value = "disable"
    assert words.value == "disable"


def test_values_with_the_same_meaning_fold_alike_after_the_controls():
    panel = explore(recipe_of(OptionMap({"accel": "tcg", "tb-size": "0x40"})))
    assert fold(panel.value)["tb-size"] == "64"


def test_the_guard_has_a_repr_without_an_address():
    panel = explore()
    assert repr(panel.children[-1]) == "Guard()"

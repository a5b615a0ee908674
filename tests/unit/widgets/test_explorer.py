"""The explorer: a control set as the page sets it, and the value, outputs and problems that follow."""

from __future__ import annotations

import re

import pytest
import traitlets
from hypothesis import given
from hypothesis import strategies as st
from support.panel import note_of, row_of, set_by_hand
from support.strategies import fallbacks, recipes, rows_of, spaces, values_of

from accelkit import (
    ACCELERATORS,
    ComposeError,
    MiB,
    OptionMap,
    QemuError,
    Recipe,
    bundled,
    dirty_ring_size,
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
    verdict,
)
from accelkit.recipes.domains import OnOff, Words
from accelkit.schemas import all_bundled
from accelkit.widgets import explore
from accelkit.widgets.toolkit import w


def error_of(panel):
    """Why the controls make no recipe, as HTML."""
    return panel.result.problems._error.value


@given(st.sampled_from(sorted(ACCELERATORS)), st.data())
def test_every_state_of_the_controls_is_a_recipe_and_back(accel, data):
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
            set_by_hand(row.editor, prop.domain, texts)
            if isinstance(prop.domain, OnOff | Words):  # boxes have the order of the table
                words = ("on", "off") if isinstance(prop.domain, OnOff) else prop.domain.words
                values = [prop.domain.read(word) for word in words if word in texts]
            expected = expected | prop(each(*values))
        else:
            set_by_hand(row.editor, prop.domain, texts[:1])
            expected = expected | prop(values[0])
    assert panel.value == expected
    again = explore(panel.value)
    assert again.value == expected
    for row in again.rows():
        assert row._choice == row_of(panel, row.row)._choice


@given(recipes() | fallbacks() | spaces())
def test_any_value_can_be_assigned_and_stays_as_it_is(value):
    panel = explore()
    panel.value = value
    assert panel.value == value
    assert "<pre><code>" in panel.result.code.value


def test_domain_xml_is_for_the_target_of_the_chosen_qemu():
    panel = explore(kvm() | kernel_irqchip("on"))
    panel.result.tabs.value = "libvirt"
    assert "ioapic" in panel.result.code.value
    panel.schema = bundled("11.1", "aarch64")
    assert "ioapic" not in panel.result.code.value
    assert "kernel_irqchip=on" in panel.result.code.value
    panel.schema = None
    assert "ioapic" in panel.result.code.value


def test_a_change_by_hand_changes_that_option_only():
    panel = explore(kvm() | notify_vmexit(run) | option("x-new", "a,b") | shadow_mem(64 * MiB))
    row_of(panel, notify_vmexit).editor.widgets[0].value = "disable"
    assert panel.value == kvm() | notify_vmexit("disable") | option("x-new", "a,b") | shadow_mem(64 * MiB)
    row_of(panel, shadow_mem).editor.widgets[0].value = ""
    assert panel.value == kvm() | notify_vmexit("disable") | option("x-new", "a,b")


def test_pasting_a_command_line_sets_the_controls_and_keeps_what_is_unknown():
    panel = explore()
    panel.paste.field.value = "qemu-system-x86_64 -M q35 -accel tcg,tb-size=0x40,x-new=a,,b -m 1G"
    assert panel.value == tcg() | tb_size(64) | option("x-new", "a,b")
    assert panel.others.options.value == "x-new=a,,b"
    assert panel.paste.field.value == ""
    panel.paste.field.value = "kvm,kernel-irqchip=sideways"
    assert render(panel.value) == ["-accel", "kvm,kernel-irqchip=sideways"]
    assert row_of(panel, kernel_irqchip).editor.widgets[0].value == "sideways"
    assert "sideways" in note_of(row_of(panel, kernel_irqchip))
    panel.paste.field.value = "-accel kvm -accel tcg,tb-size=256"
    assert panel.value == first_of(kvm(), tcg() | tb_size(256))
    panel.paste.field.value = "tcg,tb-size={8,64}"
    assert panel.value == tcg() | tb_size(each(8, 64))
    panel.paste.field.value = (
        "<domain type='qemu'> <features><tcg><tb-cache unit='MiB'>64</tb-cache></tcg></features></domain>"
    )
    assert panel.value == tcg() | tb_size(64)
    panel.paste.field.value = "<domain type='qmeu'/>"
    assert "ak-problem" in panel.paste.note.value
    panel.paste.field.value = "tcg() | tb_size("
    assert "ak-problem" in panel.paste.note.value
    assert panel.value == tcg() | tb_size(64)


PASTED = [
    ("sudo qemu-system-x86_64 -enable-kvm -m 1G", kvm()),
    ("$ qemu-system-aarch64 -M virt -accel tcg,tb-size=64", tcg() | tb_size(64)),
    ("timeout 8 /usr/bin/kvm -machine accel=tcg", tcg()),
    ("qemu-system-x86_64 \\   -accel kvm \\   -m 1G \\", kvm()),
    ("virsh # dumpxml vm <domain type='kvm'></domain>", kvm()),
    ("tcg() | tb_size(each(8, 64))", tcg() | tb_size(each(8, 64))),
]


@pytest.mark.parametrize(("text", "value"), PASTED)
def test_what_people_paste_is_read(text, value):
    panel = explore()
    panel.paste.field.value = text
    assert panel.value == value
    assert panel.paste.note.value == panel.paste.field.value == ""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("sudo foo", "no command in it starts a QEMU"),
        ("hello world", "no command in it starts a QEMU"),
        ("kmv,thread=single", "no QEMU has this accelerator; did you mean"),
        ("qemu-kvm -accel kvm; qemu-kvm -accel tcg", "2 QEMU commands are in it"),
        ("qemu-kvm -machine accel=$ACCEL", "a recipe cannot hold it"),
        ("qemu-kvm -m 1G", "names no accelerator"),
        ("–accel kvm", "is not the dash of a keyboard"),
        ("<network/>", "the root is"),
    ],
)
def test_a_wrong_paste_changes_nothing_and_says_what_was_understood(text, why):
    panel = explore(tcg() | tb_size(64))
    panel.paste.field.value = text
    assert panel.value == tcg() | tb_size(64)
    assert why in panel.paste.note.value
    assert panel.paste.field.value == text


def test_other_options_are_typed_as_qemu_writes_them():
    panel = explore(tcg() | tb_size(64))
    panel.others.options.value = "x-new=1,y=a,,b"
    assert panel.value == tcg() | tb_size(64) | option("x-new", "1") | option("y", "a,b")
    panel.others.options.value = "x-new"
    assert "write name=value" in panel.others.note.value
    assert panel.value == tcg() | tb_size(64) | option("x-new", "1") | option("y", "a,b")
    panel.others.options.value = ""
    assert panel.value == tcg() | tb_size(64)


def test_assigning_a_schema_applies_its_rules():
    panel = explore(kvm() | rapl(True))
    panel.schema = bundled("7.2")
    assert panel.qemu.value == "QEMU 7.2.22 (x86_64)"
    assert "⊘ not in this QEMU" in note_of(row_of(panel, rapl))


def test_a_qemu_that_does_not_answer_is_an_error_and_the_last_one_stays():
    panel = explore(kvm(), bundled("7.2"))

    def fail():
        raise QemuError("it does not answer; install it")

    panel._qemus["QEMU 5.2.0 (x86_64)"] = fail
    panel.qemu.value = "QEMU 5.2.0 (x86_64)"
    assert "it does not answer" in panel.general.value
    assert panel.qemu.value == "QEMU 7.2.22 (x86_64)"
    assert panel.schema == bundled("7.2")


def test_options_return_with_their_accelerator():
    panel = explore(kvm() | shadow_mem(64 * MiB))
    panel.accel.value = "tcg"
    assert panel.value == tcg()
    panel.accel.value = "kvm"
    assert panel.value == kvm() | shadow_mem(64 * MiB)


def test_a_space_without_controls_stays_with_an_explanation():
    panel = explore()
    panel.value = each(kvm(), tcg()) | option("x-new", "1")
    assert panel.accel.disabled
    assert panel.others.axes.disabled
    assert "no controls" in panel.general.value
    panel.value = tcg()
    assert not panel.accel.disabled
    assert "no controls" not in panel.general.value


def test_joint_axes_are_edited_as_text_below_the_controls():
    panel = explore(kvm() | each(shadow_mem(64 * MiB), dirty_ring_size(1024)))
    assert panel.others.axes.value == "each(shadow_mem(64 * MiB), dirty_ring_size(1024))"
    row = next(row for row in panel.rows() if row.row.key == "kernel-irqchip")
    row.editor.widgets[0].value = "split"
    assert panel.value == kvm() | kernel_irqchip(split) | each(shadow_mem(64 * MiB), dirty_ring_size(1024))
    panel.others.axes.value = "each(shadow_mem('1MiB'), dirty_ring_size(4096), Recipe())"
    assert panel.value == kvm() | kernel_irqchip(split) | each(
        shadow_mem(MiB), dirty_ring_size(4096), Recipe()
    )
    good = panel.value
    for bad, message in (
        ("each(shadow_mem(1)", "was never closed"),
        ("__import__('os')", "__import__"),
        ("tcg()", "vary together"),
    ):
        panel.others.axes.value = bad
        assert message in panel.others.note.value
        assert panel.value == good
        assert panel.others.axes.value == bad
    panel.others.axes.value = ""
    assert panel.value == kvm() | kernel_irqchip(split)
    panel.accel.value = "tcg"
    panel.others.axes.value = "each(shadow_mem('1MiB'), dirty_ring_size(4096))"
    assert "shadow_mem" in error_of(panel), "tcg has none of these"
    assert panel.value == tcg()


def test_a_recipe_without_accelerator_asks_for_one():
    panel = explore(tb_size(64))
    assert "chooses no accelerator" in error_of(panel)
    assert "not known" in panel.result.verdict.value
    panel.accel.value = "tcg"
    assert render(panel.value) == ["-accel", "tcg,tb-size=64"]


def test_another_value_is_refused():
    with pytest.raises(traitlets.TraitError, match="takes a recipe"):
        explore("kvm")


def test_observe_link_and_interactive_output_work():
    panel, other, values = explore(), explore(tcg()), []
    panel.observe(lambda change: values.append(change.new), names="value")
    traitlets.link((panel, "value"), (other, "value"))
    row_of(panel, shadow_mem).editor.widgets[0].value = "64MiB"
    assert values == [kvm() | shadow_mem(64 * MiB)]
    assert other.value == panel.value
    calls = []
    w.interactive_output(lambda recipe: calls.append((recipe,)), {"recipe": panel})
    row_of(other, shadow_mem).editor.widgets[0].value = "1MiB"
    assert calls[-1] == (panel.value,) == (kvm() | shadow_mem(MiB),)


def test_values_with_the_same_meaning_fold_alike_after_the_controls():
    panel = explore(recipe_of(OptionMap({"accel": "tcg", "tb-size": "0x40"})))
    assert fold(panel.value)["tb-size"] == "64"


def test_a_value_from_the_controls_can_be_assigned_again_after_another():
    panel = explore(tcg())
    row_of(panel, tb_size).editor.widgets[0].value = "64"
    chosen = panel.value
    panel.value = kvm()
    assert panel.accel.value == "kvm"
    panel.value = chosen
    assert panel.accel.value == "tcg"
    assert row_of(panel, tb_size).editor.widgets[0].value == "64MiB"


def test_an_observer_may_replace_the_value_and_the_controls_follow():
    panel = explore(tcg())

    def one_thread(change):
        if "thread" not in fold(change.new):
            panel.value = change.new | thread("single")

    panel.observe(one_thread, names="value")
    row_of(panel, tb_size).editor.widgets[0].value = "64"
    assert panel.value == tcg() | tb_size(64) | thread("single")
    assert row_of(panel, thread).editor.widgets[0].value == "single"


def test_undo_and_redo_return_to_every_state_and_what_was_typed_is_one_step():
    panel = explore(tcg())
    assert panel.undo.disabled
    assert panel.redo.disabled
    assert panel.reset.disabled
    field = row_of(panel, tb_size).editor.widgets[0]
    for text in ("6", "64", "64M", "64Mi", "64MiB"):
        field.value = text
    row_of(panel, thread).editor.widgets[0].value = "multi"
    panel.value = kvm()
    panel.undo.click()
    assert panel.value == tcg() | tb_size(64) | thread("multi")
    assert panel.accel.value == "tcg"
    panel.undo.click()
    assert panel.value == tcg() | tb_size(64)
    panel.undo.click()
    assert panel.value == tcg()
    assert field.value == ""
    assert panel.undo.disabled
    for _ in range(3):
        panel.redo.click()
    assert panel.value == kvm()
    assert panel.redo.disabled


def test_a_sweep_and_its_values_are_one_step():
    panel = explore(tcg() | tb_size(64))
    row = row_of(panel, tb_size)
    row.sweep.value = True
    for texts in (["8"], ["8", "64"], ["8", "64", "512"]):
        set_by_hand(row.editor, tb_size.domain, texts)
    assert panel.value == tcg() | tb_size(each(8, 64, 512))
    panel.undo.click()
    assert panel.value == tcg() | tb_size(64)
    assert row.sweep.value is False
    panel.redo.click()
    assert panel.value == tcg() | tb_size(each(8, 64, 512))


def test_reset_all_leaves_the_accelerator_and_empties_every_field():
    panel = explore(tcg() | tb_size(64) | option("x-new", "1"))
    row_of(panel, tb_size).editor.widgets[0].value = "64MB"
    panel.reset.click()
    assert panel.value == tcg()
    assert row_of(panel, tb_size).editor.widgets[0].value == ""
    assert panel.others.options.value == ""
    assert panel.reset.disabled
    panel.undo.click()
    assert panel.value == tcg() | tb_size(64) | option("x-new", "1")


def test_controls_that_make_no_recipe_are_a_step_that_can_be_undone():
    panel = explore(each(tcg(), kvm()))
    panel.alternatives.buttons(1)[0].click()
    panel.accel.value = "tcg"
    assert "twice" in error_of(panel)
    assert panel.result.problems.children
    panel.undo.click()
    assert error_of(panel) == ""
    assert panel.accel.value == "kvm"
    panel.redo.click()
    assert "twice" in error_of(panel)
    assert panel.value == each(tcg(), kvm())


@given(st.lists(recipes() | fallbacks() | spaces(), min_size=1, max_size=5))
def test_undo_goes_back_through_all_assigned_values(values):
    panel = explore()
    steps = [panel.value]
    for value in values:
        panel.value = value
        if value != steps[-1]:
            steps.append(value)
    for step in reversed(steps[:-1]):
        panel.undo.click()
        assert panel.value == step


@given(recipes() | fallbacks(), st.sampled_from(all_bundled()))
def test_the_verdict_in_the_panel_is_that_of_verdict(value, schema):
    panel = explore(value, schema)
    try:
        accepted = verdict(value, schema).accepted
    except ComposeError:  # no accelerator
        assert "ak-unknown" in panel.result.verdict.value
    else:
        state = {True: "ak-(accepted|host)", False: "ak-refused", None: "ak-unknown"}[accepted]
        assert re.search(f'"ak-verdict {state}"', panel.result.verdict.value)


def test_an_explorer_has_few_models_however_many_options_there_are():
    """Each is a message, and a part of the page; the controls of an option come when it is opened."""
    models = []
    w.Widget.on_widget_constructed(models.append)
    try:
        panel = explore(kvm())
        before = len(models)
        for row in panel.rows():
            row.fold.click()
    finally:
        w.Widget.on_widget_constructed(None)
    assert before < 90 + 3 * len(panel.rows())
    assert len(models) <= before + 8 * len(panel.rows())

"""The column beside the controls."""

from __future__ import annotations

from accelkit import bundled, each, kvm, rapl, shell, tb_size, tcg
from accelkit.widgets import explore
from accelkit.widgets.form import form_of
from accelkit.widgets.look import Look
from accelkit.widgets.result_panel import ResultPanel


def shown(value):
    panel = ResultPanel(Look(), lambda _: None)
    panel.show(value, form_of(value), bundled("11.1"))
    return panel


def test_the_chosen_form_stays_when_the_value_changes():
    panel = shown(tcg())
    assert "recipe = tcg()" in panel.code.value
    panel.tabs.value = "shell"
    assert f"<pre><code>{shell(tcg())}</code></pre>" in panel.code.value
    panel.show(kvm(), form_of(kvm()), None)
    assert f"<pre><code>{shell(kvm())}</code></pre>" in panel.code.value


def test_the_code_unfolds_and_folds():
    panel = shown(tcg())
    box = panel.children[0]
    panel.more.value = True
    assert "ak-unfolded" in box._dom_classes
    panel.more.value = False
    assert box._dom_classes == ("ak-code",)


def test_only_a_space_has_a_study():
    assert shown(tcg()).study.children == ()
    assert shown(tcg() | tb_size(each(8, 64))).study.children


def test_a_click_on_a_fix_changes_the_value_and_can_be_undone():
    panel = explore(kvm() | rapl(True), bundled("7.2"))
    assert "✗ refused by QEMU 7.2.22 (x86_64)" in panel.result.verdict.value
    [button] = panel.result.problems.buttons()
    button.click()
    assert panel.value == kvm()
    assert "✓ accepted by QEMU 7.2.22 (x86_64)" in panel.result.verdict.value
    assert panel.result.problems.children == ()
    panel.undo.click()
    assert panel.value == kvm() | rapl(True)

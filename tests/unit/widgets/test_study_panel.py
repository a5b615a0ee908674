"""From a sweep to a study, beside the controls."""

from __future__ import annotations

import sys
import threading
from types import SimpleNamespace

import pytest
from support.fake_study import PLAN, fake
from support.panel import row_of

from accelkit import bundled, doubling, each, kvm, multi, shadow_mem, single, tb_size, tcg, thread
from accelkit.errors import QemuError
from accelkit.study import setup
from accelkit.study.prepared import PreparedStudy
from accelkit.widgets import explore, study_panel
from accelkit.widgets.look import Look
from accelkit.widgets.study_panel import StudyPanel

SPACE = tcg() | tb_size(each(8, 64))


@pytest.fixture
def panel(monkeypatch):
    monkeypatch.setattr(study_panel, "find", lambda qemu, target: (qemu, target))
    panel = StudyPanel(Look())
    yield panel
    if panel.dashboard is not None:
        panel.dashboard.close()


@pytest.fixture
def preparing(monkeypatch, tmp_path):
    """What prepare() was called with; it waits until ``go`` is set, then gives a study of fakes, or raises ``error``."""

    seen = SimpleNamespace(calls=[], go=threading.Event(), error=None)

    def prepare(*args, **options):
        seen.calls.append((args, options))
        assert seen.go.wait(10)
        if seen.error:
            raise seen.error
        return PreparedStudy(PLAN, fake, str(tmp_path / f"{len(seen.calls)}.sqlite"), blocks=5, race=False)

    monkeypatch.setattr(setup, "prepare", prepare)
    return seen


def ended(panel):
    """Wait until the thread that prepares has ended, and the study too."""
    for thread_ in threading.enumerate():
        if thread_.name == "accelkit prepare":
            thread_.join(10)
    return panel.dashboard is None or panel.dashboard.wait(10)


def names(panel):
    return [button.description.removesuffix(" ×") for button in panel.guests.children]


def test_only_a_space_has_a_study(panel):
    assert panel.children == ()
    panel.show(tcg())
    assert panel.children == ()
    panel.show(SPACE)
    assert panel.size in panel.children
    assert "2 points × 20 blocks × 1 guest: 40 trials, about 22 s; enough to decide" in panel.size.value
    panel.show(tcg())
    assert panel.children == ()


def test_the_explorer_shows_the_study_of_its_sweep():
    panel = explore(tcg() | tb_size(64))
    row = row_of(panel, tb_size)
    row.sweep.value = True
    assert panel.value == tcg() | tb_size(each(64))
    row.editor.widgets[-1].set_state({"index": (5, 8)})
    assert panel.value == tcg() | tb_size(doubling(32, 256))
    assert "4 points × 20 blocks × 1 guest: 80 trials" in panel.result.study.size.value
    row_of(panel, thread).sweep.value = True
    for box in row_of(panel, thread).editor.widgets:
        box.value = True
    assert panel.value.size == 8
    assert "8 points" in panel.result.study.size.value
    row_of(panel, thread).sweep.value = False
    row.sweep.value = False
    assert panel.value == tcg() | tb_size(32) | thread("single")
    assert panel.result.study.children == ()


def test_the_guest_follows_the_swept_options_until_the_user_chooses(panel):
    panel.show(SPACE)
    assert names(panel) == ["tb-thrash"]
    assert panel.guest.options[1][0].endswith("shows tb-size")
    panel.show(tcg() | thread(each(single, multi)))
    assert names(panel) == ["smp"]
    panel.guest.set_state({"index": [value for _, value in panel.guest.options].index("cpu")})
    assert (names(panel), panel.guest.value) == (["smp", "cpu"], "")
    assert "cpu" not in [value for _, value in panel.guest.options]
    assert "It shows no effect of thread; smp and smplock do." in panel.meaning.value
    panel.show(SPACE)
    assert names(panel) == ["smp", "cpu"]
    panel.guests.children[0].click()
    assert names(panel) == ["cpu"]
    panel.guests.children[0].click()
    assert "no guest is chosen" in panel.message.value
    assert panel.start.disabled
    assert panel.start.tooltip == "no guest is chosen: add one"


def test_guests_and_qemu_are_for_the_target_of_the_schema(panel):
    panel.show(SPACE, bundled("10.0", "aarch64"))
    assert panel.qemu.value == "qemu-system-aarch64"
    assert "io" not in [value for _, value in panel.guest.options]
    assert "qemu=&#x27;qemu-system-aarch64&#x27;" in panel.code.value
    panel.show(SPACE, bundled("10.0", "riscv64"))
    assert "no bundled guest is for riscv64" in panel.message.value
    assert panel.start.disabled


def test_the_code_is_that_of_the_controls(panel):
    panel.show(SPACE)
    panel.blocks.value, panel.seconds.value, panel.store.value = 9, 0.1, "s.sqlite"
    assert "blocks=9, run_seconds=0.1, store=&#x27;s.sqlite&#x27;)" in panel.code.value
    assert "--guest tb-thrash --blocks 9 --run-seconds 0.1 --store s.sqlite" in panel.code.value
    assert panel.code.value.count('class="ak-copy') == 2


def test_too_few_blocks_are_refused_in_words_and_a_button_takes_those_needed(panel, preparing):
    panel.show(SPACE)
    assert panel.fix not in panel.buttons.children
    panel.blocks.value = 5
    assert "5 blocks cannot decide 1 comparison, at least 6 are needed" in panel.message.value
    assert panel.start.disabled
    panel.start.click()
    assert preparing.calls == []
    assert panel.fix in panel.buttons.children
    assert panel.fix.description == "take 6 blocks"
    panel.fix.click()
    assert (panel.blocks.value, panel.message.value, panel.start.disabled) == (6, panel.message.value, False)
    assert "cannot decide" not in panel.message.value
    assert panel.fix not in panel.buttons.children


def test_no_qemu_is_said_with_the_package_to_install():
    panel = StudyPanel(Look())
    panel.show(SPACE)
    panel.qemu.value = "/no/such/qemu"
    assert "no such program; install QEMU" in panel.message.value
    assert panel.start.disabled
    panel.qemu.value = sys.executable  # any program: nothing is started yet
    assert not panel.start.disabled


def test_a_study_starts_once_survives_other_values_and_another_can_follow(panel, preparing):
    panel.show(SPACE)
    assert panel.start.tooltip.startswith("boot the guests")
    panel.start.click()
    assert (panel.start.disabled, panel.running) == (True, True)
    assert "preparing" in panel.start.tooltip
    assert "preparing" in panel.message.value
    panel.start.disabled = False  # a click that the page sent before it heard
    panel.start.click()
    preparing.go.set()
    assert ended(panel)
    assert preparing.calls == [((SPACE, ("tb-thrash",)), {"blocks": 20})]
    first = panel.dashboard
    assert panel.below.children == (first,)
    assert first.state == "finished"
    assert (panel.start.disabled, panel.running, panel.message.value.count("ak-problem")) == (False, False, 0)
    panel.show(tcg())
    assert panel.children == ()
    panel.show(kvm() | shadow_mem(each("1MiB", "2MiB")))
    assert panel.below.children == (first,)
    panel.start.click()
    assert ended(panel)
    assert panel.dashboard is not first
    assert panel.below.children == (panel.dashboard,)


def test_while_a_study_runs_no_other_starts(panel, preparing):
    panel.show(SPACE)
    preparing.go.set()
    panel.start.click()
    assert ended(panel)
    panel.dashboard.state = "running"
    assert (panel.start.disabled, panel.start.tooltip) == (True, "a study runs below: stop it first")
    panel.start.click()
    assert len(preparing.calls) == 1
    panel.dashboard.state = "stopped"
    assert not panel.start.disabled


def test_what_prepare_refuses_is_shown_until_the_study_is_another(panel, preparing):
    preparing.error = QemuError("<it> does not answer")
    preparing.go.set()
    panel.show(SPACE)
    panel.start.click()
    assert ended(panel)
    assert "&lt;it&gt; does not answer" in panel.message.value
    assert (panel.start.disabled, panel.dashboard) == (False, None)
    panel.show(SPACE)
    assert "does not answer" in panel.message.value
    panel.blocks.value = 30
    assert "does not answer" not in panel.message.value
    for error, words in (
        (ModuleNotFoundError(name="numpy"), "a study needs numpy; pip install"),
        (ZeroDivisionError("x"), "ZeroDivisionError: x"),
    ):
        preparing.error = error
        panel.start.click()
        assert ended(panel)
        assert words in panel.message.value


def test_that_the_study_runs_on_another_qemu_than_the_controls_follow_is_said(panel, preparing):
    preparing.go.set()
    for schema, words in (
        (bundled("11.1"), "The study runs on QEMU 7.2, which is installed; the controls follow QEMU 11.1"),
        (None, ""),
    ):
        panel.show(SPACE, schema)
        panel.start.click()
        assert ended(panel)
        assert words in panel.message.value
        assert ("which is installed" in panel.message.value) == bool(words)

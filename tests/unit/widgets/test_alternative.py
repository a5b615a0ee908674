"""One alternative: an accelerator and the options set for it."""

from __future__ import annotations

from accelkit import (
    MiB,
    dirty_ring_size,
    each,
    kernel_irqchip,
    kvm,
    shadow_mem,
    tb_size,
    tcg,
    thread,
    unset,
)
from accelkit.widgets.alternative import Alternative
from accelkit.widgets.form import form_of


def test_joint_axes_are_parked_with_their_accelerator():
    [row] = form_of(kvm() | each(shadow_mem(64 * MiB), dirty_ring_size(1024))).alternatives
    assert row.with_accel("tcg") == Alternative("tcg")
    assert row.with_accel("tcg").with_accel("kvm") == row


def test_the_last_write_counts_and_unset_removes():
    recipe = tcg() | tb_size(1) | thread("single") | tb_size(2) | unset(thread)
    assert form_of(recipe).alternatives == (Alternative("tcg", {"tb-size": "2"}),)


def test_options_are_set_in_the_order_of_the_clicks():
    alternative = Alternative("tcg").with_choice("thread", "single").with_choice("tb-size", "64")
    assert repr(alternative.recipe()) == "tcg() | thread(single) | tb_size(64)"
    assert repr(alternative.with_choice("thread", "multi").recipe()) == "tcg() | thread(multi) | tb_size(64)"
    assert alternative.with_choice("thread", None).choices == {"tb-size": "64"}
    assert alternative.choices == {"thread": "single", "tb-size": "64"}, "the first is unchanged"


def test_options_without_a_control_are_the_others():
    alternative = Alternative("tcg", {"tb-size": "64", "x-new": "1", "rapl": "on", "x-swept": ("1", "2")})
    assert alternative.has_row("tb-size")
    assert not alternative.has_row("rapl"), "it is a property of kvm"
    assert alternative.others() == {"x-new": "1", "rapl": "on"}
    assert alternative.with_others({"y": "2"}).choices == {"tb-size": "64", "x-swept": ("1", "2"), "y": "2"}


def test_a_point_takes_the_first_value_of_each_sweep_or_the_chosen_one():
    axes = each(shadow_mem(64 * MiB), dirty_ring_size(1024))
    alternative = Alternative("kvm", {"kernel-irqchip": ("on", "split")}, axes=axes)
    assert alternative.plain({}).choices == {"kernel-irqchip": "on"}
    assert alternative.plain({"kernel-irqchip": "split"}, 1).recipe() == (
        kvm() | kernel_irqchip("split") | dirty_ring_size(1024)
    )

"""What a form sets against QEMU's defaults."""

from __future__ import annotations

import pytest
from hypothesis import given
from support.strategies import recipes

from accelkit import (
    PROPERTIES,
    device,
    dirty_ring_size,
    doubling,
    each,
    first_of,
    kvm,
    notify_window,
    option,
    shadow_mem,
    tb_size,
    tcg,
    thread,
    xen_version,
)
from accelkit.errors import visible_line
from accelkit.widgets.changes import changes, changes_html
from accelkit.widgets.form import form_of


@given(recipes())
def test_every_option_that_is_set_is_a_change_with_its_default(recipe):
    form = form_of(recipe)
    [alternative] = form.alternatives
    assert [change.name for change in changes(alternative)] == [
        PROPERTIES[key].name if alternative.has_row(key) else visible_line(key) for key in alternative.choices
    ]
    for key, change in zip(alternative.choices, changes(alternative), strict=True):
        if alternative.has_row(key):
            assert change.default == PROPERTIES[key].default


@pytest.mark.parametrize(
    ("value", "yours"),
    [
        (tcg() | tb_size(64), "64 MiB"),
        (kvm() | shadow_mem(300000), "300000 bytes"),
        (kvm() | dirty_ring_size(4096), "4096 entries a vCPU"),
        (kvm() | dirty_ring_size(each(1024, 4096)), "1024, 4096 entries a vCPU"),
        (kvm() | notify_window(1000), "1000 cycles"),
        (kvm() | xen_version(0x40011), "0x40011"),
        (tcg() | tb_size(doubling(32, 128)), "32 MiB, 64 MiB, 128 MiB"),
        (kvm() | device("/dev/\x1b"), r"/dev/\x1b"),
        (tcg() | option("x-new", "1"), "1"),
    ],
)
def test_values_have_their_units(value, yours):
    [alternative] = form_of(value).alternatives
    assert changes(alternative)[-1].yours == yours


def test_options_that_vary_together_are_one_change():
    value = kvm() | each(shadow_mem("1MiB"), dirty_ring_size(1024))
    [alternative] = form_of(value).alternatives
    assert changes(alternative)[-1].yours == "each(shadow_mem(1 * MiB), dirty_ring_size(1024))"


def test_each_alternative_has_its_list_and_markup_is_text():
    page = changes_html(form_of(first_of(kvm() | device("<b>"), tcg() | thread("multi"))))
    assert "1. kvm: changed" in page
    assert "2. tcg: changed" in page
    assert "&lt;b&gt;" in page
    assert "Nothing is changed" in changes_html(form_of(kvm()))
    assert changes_html(None) == ""

"""A value in each form that can be copied."""

from __future__ import annotations

import json
import re
from html import escape

import pytest
from hypothesis import given
from support.strategies import fallbacks, recipes, spaces

from accelkit import (
    doubling,
    honor_guest_pat,
    kernel_irqchip,
    kvm,
    option,
    render,
    split,
    tb_size,
    tcg,
    written,
)
from accelkit.libvirt import to_libvirt
from accelkit.recipes.forms import FORMS
from accelkit.study.progress import study_time
from accelkit.widgets import compare
from accelkit.widgets.outputs import TABS, output, output_html


def test_there_is_a_tab_for_each_form_that_written_writes():
    assert {form for _, form in TABS} == set(FORMS)


@given(recipes() | fallbacks() | spaces())
def test_every_value_has_an_output_in_every_form_or_the_reason_why_not(value):
    for form in FORMS:
        text, note = output(value, form)
        assert text or note


@given(recipes() | fallbacks())
def test_an_output_is_what_written_writes(recipe):
    for form in FORMS:
        text, note = output(recipe, form)
        if note:
            with pytest.raises(ValueError, match=f"^{re.escape(note)}$"):
                written(recipe, form)
        else:
            assert text == written(recipe, form)


@pytest.mark.parametrize("form", FORMS)
def test_markup_in_values_is_text_on_the_page(form):
    assert "<script>" not in output_html(kvm() | option("x", "<script>"), form)
    assert "<script>" not in compare(kvm() | option("x", "<script>"))._repr_html_()


def test_the_output_of_a_space_is_that_of_its_first_points_and_its_python_the_whole():
    space = tcg() | tb_size(doubling(1, 1024))
    shell, note = output(space, "shell")
    assert shell.splitlines()[0] == "-accel tcg,tb-size=1"
    assert len(shell.splitlines()) == 8
    assert note == "8 of its 11 points"
    assert output(space, "libvirt").text.count("<domain type='qemu'>") == 8
    points = [json.loads(line) for line in output(space, "json").text.splitlines()]
    assert points == [render(point) for point in space[:8]]
    assert output(space, "argv").text.split("\n\n")[1] == "-accel\ntcg,tb-size=2"
    assert output(space, "python").text.endswith(f"\n\nspace = {space!r}")
    assert output(space, "python").note == ""


def test_an_output_can_be_copied():
    value = kvm() | kernel_irqchip(split)
    page = output_html(value, "libvirt")
    assert f"<pre><code>{escape(to_libvirt(value))}</code></pre>" in page
    assert '<div class="ak-output ak-libvirt">' in page
    assert 'title="copy libvirt"' in page


def test_a_note_says_what_libvirt_cannot_express_and_there_is_nothing_to_copy():
    value = kvm() | honor_guest_pat("on")
    text, note = output(value, "libvirt")
    assert text == ""
    assert note.startswith("kvm,honor-guest-pat=on: libvirt has no element for it")
    assert "ak-copy" not in output_html(value, "libvirt")


def test_without_an_accelerator_the_code_stays_with_the_reason():
    note = "tb_size(64) chooses no accelerator; begin with one, as in tcg() | …"
    assert output(tb_size(64), "argv") == ("", note)
    assert output(tb_size(64), "python") == ("tb_size(64)", note)


def test_the_import_is_an_element_of_its_own_so_that_one_line_can_stand_for_the_code():
    page = output_html(tcg(), "python")
    assert '<span class="ak-imports">from accelkit import tcg\n\n</span>recipe = tcg()</code>' in page
    assert "ak-imports" not in output_html(tcg(), "shell")


def test_the_time_of_a_study_in_words():
    assert study_time(1, 5, 0.5) == "1 point × 5 blocks × 0.5 s: about 3 s"

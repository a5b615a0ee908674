"""The code, argv, shell line and XML below the controls."""

from __future__ import annotations

from html import escape
from xml.etree import ElementTree as ET

from accelkit import (
    doubling,
    first_of,
    honor_guest_pat,
    kernel_irqchip,
    kvm,
    option,
    split,
    tb_size,
    tcg,
)
from accelkit.libvirt import to_libvirt
from accelkit.study.progress import study_time
from accelkit.widgets import compare
from accelkit.widgets.outputs import outputs, outputs_html


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


def test_a_comment_says_what_libvirt_cannot_express():
    text = outputs(kvm() | honor_guest_pat("on") | option("x", "a---b"))[3].text
    assert text.startswith(
        "<!-- kvm,honor-guest-pat=on: libvirt has no element for it, and QEMU takes it only"
    )
    assert "kvm,x=a- - -b: " in text
    assert ET.fromstring(f"<domain>{text}</domain>").tag == "domain"  # it is a comment
    assert "take one alternative" in outputs(first_of(kvm(), tcg()))[3].text


def test_outputs_without_an_accelerator_say_so():
    assert outputs(tb_size(64))[1].text == (
        "# tb_size(64) chooses no accelerator; begin with one, as in tcg() | …"
    )


def test_the_time_of_a_study_in_words():
    assert study_time(1, 5, 0.5) == "1 point × 5 blocks × 0.5 s: about 3 s"

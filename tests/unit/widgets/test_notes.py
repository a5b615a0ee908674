"""The notes beside controls."""

from __future__ import annotations

from html import escape

import pytest

from accelkit import (
    PROPERTIES,
    bundled,
    check,
    each,
    kernel_irqchip,
    kvm,
    one_insn_per_tb,
)
from accelkit.checking.problem import FATAL, KINDS, Problem
from accelkit.checking.shown import KIND_WORDS
from accelkit.widgets.field_text import unit_of
from accelkit.widgets.notes import (
    accel_label,
    folded_html,
    is_absent,
    lacking,
    lacking_html,
    problem_html,
    property_html,
    verdict_html,
)


def test_a_property_that_a_qemu_lacks_names_the_qemus_that_have_it():
    assert (
        lacking(one_insn_per_tb, "tcg", bundled("7.2"))
        == "not in QEMU 7.2.22 (x86_64); QEMU 8.1 or newer has it"
    )
    assert lacking(one_insn_per_tb, "tcg", bundled("11.1")) == ""
    assert lacking(one_insn_per_tb, "tcg", None) == ""
    assert lacking(kernel_irqchip, "whpx", bundled("11.1")) == ""  # another build may have it all
    assert "not for x86_64 guests" in lacking(PROPERTIES["riscv-aia"], "kvm", bundled("11.1"))
    assert accel_label("whpx", bundled("11.1")) == "whpx (not in this QEMU: hosts Windows)"
    assert accel_label("kvm", bundled("11.1")) == "kvm"
    assert "unknown accelerator" in accel_label("foo", None)


@pytest.mark.parametrize("row", PROPERTIES.values(), ids=str)
def test_every_note_has_meaning_unit_default_range_and_versions(row):
    note = property_html(row, min(row.accels), "", "", ())
    for part in ("Default", "Takes", "QEMU", escape(row.doc), escape(row.detail)):
        assert part in note
    assert ("<b>Unit</b>" in note) == bool(unit_of(row.domain))
    assert escape(row.doc) in folded_html(row)
    assert "<b>&lt;64&gt;</b>" in folded_html(row, "<64>")


def test_an_error_stands_in_the_place_of_the_facts_so_that_nothing_below_moves():
    note = property_html(PROPERTIES["tb-size"], "tcg", "", "<bad>", ())
    assert "&lt;bad&gt;" in note
    assert "Default" not in note


def kinds_of(*kinds):
    return [Problem(kind, "kvm", None, None, "why", "remedy") for kind in kinds]


@pytest.mark.parametrize(
    ("kinds", "state", "text"),
    [
        ((), "accepted", "✓ accepted by QEMU 11.1.3 (x86_64)"),
        (("ignored",), "accepted", "✓ accepted by QEMU 11.1.3 (x86_64), with warnings"),
        (("host",), "host", "▲ depends on the host: QEMU 11.1.3 (x86_64)"),
        (("machine", "host"), "host", "▲ depends on the host and the machine: QEMU 11.1.3 (x86_64)"),
        (("unknown", "host"), "unknown", "? not known of QEMU 11.1.3 (x86_64)"),
        (("host", "refused"), "refused", "✗ refused by QEMU 11.1.3 (x86_64)"),
        (("build",), "refused", "✗ refused by QEMU 11.1.3 (x86_64)"),
    ],
)
def test_the_verdict_is_one_line_with_a_mark_and_words(kinds, state, text):
    line = verdict_html(kvm(), bundled("11.1"), kinds_of(*kinds))
    assert f'"ak-verdict ak-{state}"' in line
    assert f">{text}<" in line


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_of_problem_is_told_by_colour_alone(kind):
    (problem,) = kinds_of(kind)
    assert f"<b>{KIND_WORDS[kind]}</b>" in problem_html(problem)
    assert f"ak-{kind}" in problem_html(problem)
    absent = problem_html(problem, absent=True)
    assert ("⊘ not in this QEMU" in absent) == ("ak-absent" in absent) == (kind in FATAL)


def test_a_property_is_absent_where_another_qemu_has_it_and_not_where_its_value_is_wrong():
    [absent] = check("kvm,rapl=on", bundled("7.2"))
    assert is_absent(absent, bundled("7.2"))
    assert "kvm,rapl=on" in problem_html(absent)
    assert "kvm,rapl=on" not in problem_html(absent, beside=True)
    for text in ("tcg,thread=both", "tcg,x-new=1", "kvm,thread=single", "hax"):
        for problem in check(text, bundled("7.2")):
            assert not is_absent(problem, bundled("7.2"))


def test_there_is_no_verdict_without_a_qemu_or_a_recipe_and_a_space_has_points():
    assert "? not known: no QEMU is chosen" in verdict_html(kvm(), None, ())
    assert "? not known: the controls make no recipe" in verdict_html(kvm(), bundled(), (), "bad")
    space = kvm() | kernel_irqchip(each("on", "split"))
    assert "refused by QEMU 11.1.3 (x86_64) at some of its points" in verdict_html(
        space, bundled("11.1"), kinds_of("refused")
    )


def test_what_a_qemu_lacks_is_one_line_that_opens():
    own = [row for row in PROPERTIES.values() if "kvm" in row.accels]
    missing = [row for row in own if lacking(row, "kvm", bundled("10.0"))]
    line = lacking_html(missing, "kvm", bundled("9.0"))
    assert line.startswith("<details")
    summary = "⊘ 1 more in 11.1: honor_guest_pat; 2 more in other QEMUs: eager_split_size, riscv_aia"
    assert f"<summary>{summary}</summary>" in line
    assert "3 more in 11.1: rapl, rapl_helper_socket, honor_guest_pat" in lacking_html(
        [row for row in own if row.key.startswith(("rapl", "honor"))], "kvm", bundled("8.2")
    )
    assert "for aarch64" in line
    assert lacking_html((), "kvm", bundled()) == lacking_html(missing, "kvm", None) == ""

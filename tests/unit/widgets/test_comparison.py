"""Recipes side by side."""

from __future__ import annotations

import pytest
from hypothesis import given
from support.strategies import (
    recipes,
)

from accelkit import (
    ComposeError,
    bundled,
    each,
    first_of,
    honor_guest_pat,
    kernel_irqchip,
    kvm,
    one_insn_per_tb,
    parse,
    render,
    split,
    tb_size,
    tcg,
)
from accelkit.widgets import compare

GOLDEN = """\
A  kvm() | honor_guest_pat(on)
B  tcg() | one_insn_per_tb(on)
C  tcg()

option           A    B    C
---------------  ---  ---  ---  -
accel            kvm  tcg  tcg  ≠
one-insn-per-tb  –    on   –    ≠
honor-guest-pat  on   –    –    ≠

   QEMU 5.2.0 (x86_64)  QEMU 7.2.22 (x86_64)  QEMU 8.2.2 (x86_64)  QEMU 10.0.13 (x86_64)  QEMU 11.1.3 (x86_64)
-  -------------------  --------------------  -------------------  ---------------------  ---------------------------------
A  ✗ refused            ✗ refused             ✗ refused            ✗ refused              ✓ accepted; ▲ depends on the host
B  ✗ refused            ✗ refused             ✓ accepted           ✓ accepted             ✓ accepted
C  ✓ accepted           ✓ accepted            ✓ accepted           ✓ accepted             ✓ accepted

- ✗ refused: kvm,honor-guest-pat=on: kvm of QEMU 5.2.0 (x86_64) has no property 'honor-guest-pat'; take QEMU 11.0 or newer, or leave it out [A on 5.2.0 (x86_64)]
- ✗ refused: kvm,honor-guest-pat=on: kvm of QEMU 7.2.22 (x86_64) has no property 'honor-guest-pat'; take QEMU 11.0 or newer, or leave it out [A on 7.2.22 (x86_64)]
- ✗ refused: kvm,honor-guest-pat=on: kvm of QEMU 8.2.2 (x86_64) has no property 'honor-guest-pat'; take QEMU 11.0 or newer, or leave it out [A on 8.2.2 (x86_64)]
- ✗ refused: kvm,honor-guest-pat=on: kvm of QEMU 10.0.13 (x86_64) has no property 'honor-guest-pat'; take QEMU 11.0 or newer, or leave it out [A on 10.0.13 (x86_64)]
- ▲ depends on the host: kvm,honor-guest-pat=on: on needs a kernel that can switch off the ignore-guest-PAT quirk; write auto or off [A on 11.1.3 (x86_64)]
- ✗ refused: tcg,one-insn-per-tb=on: tcg of QEMU 5.2.0 (x86_64) has no property 'one-insn-per-tb'; take QEMU 8.1 or newer, or leave it out [B on 5.2.0 (x86_64)]
- ✗ refused: tcg,one-insn-per-tb=on: tcg of QEMU 7.2.22 (x86_64) has no property 'one-insn-per-tb'; take QEMU 8.1 or newer, or leave it out [B on 7.2.22 (x86_64)]"""


def test_compare_marks_differences_and_judges_every_version():
    table = compare(kvm() | honor_guest_pat("on"), tcg() | one_insn_per_tb(True), tcg())
    assert table.labels == ("A", "B", "C")
    assert table.different == ("accel", "one-insn-per-tb", "honor-guest-pat")
    assert [[accepted for accepted, _ in row] for row in table.verdicts] == [
        [False, False, False, False, True], [False, False, True, True, True], [True, True, True, True, True],
    ]  # fmt: skip
    assert str(table) == GOLDEN


def test_compare_takes_fallbacks_and_command_lines():
    table = compare(first_of(kvm() | kernel_irqchip(split), tcg()), "kvm", parse("-accel tcg"))
    assert table.options[:2] == (
        ("1. accel", ("kvm", "kvm", "tcg")),
        ("1. kernel-irqchip", ("split", None, None)),
    )
    assert table.options[2] == ("2. accel", ("tcg", None, None))


def test_compare_refuses_no_recipes_and_spaces():
    with pytest.raises(ComposeError, match="nothing to compare"):
        compare()
    with pytest.raises(ComposeError, match="check its points"):
        compare(tcg() | tb_size(each(1, 2)))


def test_labels_after_z_have_numbers():
    assert compare(*[tcg()] * 27, schemas=[]).labels[-1] == "A2"


@given(recipes(), recipes())
def test_compare_marks_exactly_what_renders_differently(one, other):
    table = compare(one, other, schemas=[bundled()])
    assert (table.different == ()) == (render(one) == render(other))

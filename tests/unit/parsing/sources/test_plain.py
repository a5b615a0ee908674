"""Lines of plain words."""

from __future__ import annotations

import pytest

from accelkit.parsing.sources.pasted import pasted_commands
from accelkit.parsing.sources.places import Source
from accelkit.parsing.sources.plain import plain_command


@pytest.mark.parametrize(
    "line", ["qemu-system-x86_64 -m 1G", " kvm  -m 1G\n", "-accel kvm,kernel-irqchip=on -m 1G", "--accel kvm"]
)
def test_a_plain_line_is_read_as_any_other_line_is(line: str) -> None:
    plain = plain_command(line)
    assert plain is not None
    assert (plain,) == pasted_commands(Source(line))


@pytest.mark.parametrize(
    "line", ["kvm", "kvm,x=y", "tcg", "sudo kvm -m 1", "kvm -name 'a b'", "A=b kvm -m 1", "kvm -m 1\nkvm -m 2", "- a", "-1", "---a", "--", ""]
)  # fmt: skip
def test_other_texts_are_no_plain_line(line: str) -> None:
    assert plain_command(line) is None

"""A program that is no QEMU is a finding, not an error."""

from __future__ import annotations

from accelkit.measure.doctor import doctor


def test_what_is_no_qemu_is_a_finding() -> None:
    first = doctor(["sh", "-c", "echo no; exit 1"])[0]
    assert (first.level, first.subject) == ("broken", "QEMU")
    assert first.fact.endswith("does not start: no")

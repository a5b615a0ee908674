"""The tables of QEMU's options."""

from __future__ import annotations

from accelkit.syntax.qemu_options import FLAGS, REMOVED, VALUED


def test_no_option_is_in_two_tables() -> None:
    assert not FLAGS & VALUED
    assert not {name for name, option in REMOVED.items() if not any(option.since)} & (FLAGS | VALUED)

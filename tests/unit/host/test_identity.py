"""The host by which a store recognises the machine that it was measured on."""

from __future__ import annotations

from accelkit.host.identity import host_changes, this_host


def test_this_host_is_itself() -> None:
    assert host_changes(this_host(), this_host()) == ()

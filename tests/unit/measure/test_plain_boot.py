"""What boot() refuses before it starts anything."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accelkit.errors import GuestError, QemuError
from accelkit.guests import guest
from accelkit.measure.plain_boot import boot


@pytest.mark.parametrize("option", ["-daemonize", "--daemonize"])
def test_qemu_must_not_leave_its_process_group(option: str) -> None:
    with pytest.raises(QemuError, match=r"^-daemonize: .*; leave it out$"):
        boot(["no-such-qemu"], ["-accel", "tcg"], guest("none"), extra=[option])


def test_an_image_that_cannot_be_read_is_an_error_of_the_guest() -> None:
    gone = replace(guest("none"), image="/nonexistent/guest.rom")
    with pytest.raises(GuestError, match=r"^guest 'none': image '/nonexistent/guest.rom': No such file"):
        boot(["no-such-qemu"], ["-accel", "tcg"], gone)

"""-daemonize, in all the ways in which it may be written."""

from __future__ import annotations

import pytest

from accelkit.errors import QemuError
from accelkit.guests.makers import command
from accelkit.syntax.daemonize import refuse_daemonize


@pytest.mark.parametrize(
    "words",
    [
        ["qemu", "-daemonize"],
        ["qemu", "--daemonize"],
        ["sh", "-c", "qemu -daemonize {accel}"],
        ["sh", "-c", "qemu {accel} -daemonize; wait"],
        ["sh", "-c", "qemu '-daemonize'"],
    ],
)
def test_it_is_refused_wherever_it_stands(words: list[str]) -> None:
    with pytest.raises(QemuError, match=r"^-daemonize: .*; leave it out$"):
        refuse_daemonize(words)
    with pytest.raises(QemuError, match=r"^-daemonize: "):
        command([*words, "{accel}"])


@pytest.mark.parametrize("word", ["daemonize", "my-daemonize", "-daemonized", "file=x-daemonize"])
def test_other_words_pass(word: str) -> None:
    refuse_daemonize(["qemu", word])


def test_what_the_guests_kernel_gets_passes() -> None:
    refuse_daemonize(["qemu", "-append", "init=/sbin/dnsmasq -- -daemonize", "-no-reboot"])
    with pytest.raises(QemuError, match=r"^-daemonize: "):
        refuse_daemonize(["qemu", "-append", "quiet", "-daemonize"])

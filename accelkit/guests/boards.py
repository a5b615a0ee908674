"""The board of a bundled guest on each target: image, machine, devices, address of the parameters."""

from __future__ import annotations

import os.path
from dataclasses import dataclass
from typing import Final

from accelkit.guests.protocol import DONE, POWERED_OFF


@dataclass(frozen=True, slots=True)
class Board:
    """All that is fixed for a target. ``passing`` are QEMU's exit statuses after finished work.

    ``load`` is the option that takes the image, ``parameters`` the address of the guest's parameters and
    ``cpus`` the most vCPUs. ``bell`` adds the device to which a holding guest writes one byte when it is
    done; its chardev is ``bell``.
    """

    image: str
    machine: str
    load: str
    devices: tuple[str, ...]
    bell: tuple[str, ...]
    parameters: int
    cpus: int
    passing: tuple[int, ...]


_HERE: Final = os.path.dirname(os.path.abspath(__file__))


BOARDS: Final = {
    "x86_64": Board(
        image=f"{_HERE}/x86_64/guest.rom",
        machine="q35",
        load="-bios",
        devices=(
            "-device", "isa-debugcon,iobase=0xe9,chardev=ak",
            "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
        ),
        bell=("-device", "isa-debugcon,iobase=0xea,chardev=bell"),
        parameters=0x200000,
        cpus=64,
        passing=(DONE,),
    ),
    "aarch64": Board(
        image=f"{_HERE}/aarch64/guest.bin",
        machine="virt",
        load="-kernel",
        devices=(
            "-cpu", "max",  # the default of virt is a 32-bit CPU; max runs under TCG and KVM
            "-serial", "chardev:ak",
            "-semihosting-config", "enable=on,target=native",
        ),
        bell=("-semihosting-config", "enable=on,target=native,chardev=bell"),  # replaces the one above
        parameters=0x40200000,
        cpus=8,
        passing=(DONE, POWERED_OFF),
    ),
}  # fmt: skip
"""Target to its board. The addresses and limits are those in the guests' sources, guest.S."""

"""The readers of text that is no shell's, in the order in which they are asked. Pure.

Each returns () for text that is not its own. What could be two of them is the one that is asked first; what none takes
is a shell's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from accelkit.parsing.sources import (
    cmd,
    dockerfile,
    domain,
    lists,
    logs,
    makefile,
    nix,
    powershell,
    processes,
    proxmox,
    readconfig,
    systemd,
    traces,
    yaml,
)  # fmt: skip
from accelkit.parsing.sources.command import Command
from accelkit.parsing.sources.places import Source

DIALECTS: Final[tuple[Callable[[Source], tuple[Command, ...]], ...]] = (
    processes.read_cmdline,  # only there stand NULs
    domain.read,
    readconfig.read,  # every line has to be one of it
    logs.read,
    processes.read_ps,
    traces.read,
    dockerfile.read,
    nix.read,  # before systemd: its modules hold units, whose program is ${pkgs.qemu}/bin/…
    systemd.read,
    powershell.read,  # before cmd.exe: both run C:\…\qemu.exe
    cmd.read,
    makefile.read,
    proxmox.read,  # before YAML, of which args: -accel … would be a value
    yaml.read,  # before lists: its lists may stand in brackets or not, in one text
    lists.read,
)

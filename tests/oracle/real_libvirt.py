"""The real libvirt: what command line it makes of domain XML, or why it refuses.

``virsh domxml-to-native`` is asked, with libvirt's QEMU driver inside virsh (``qemu:///embed``): no daemon
runs, no domain is started, and all files stay in one private directory. As root the driver wants a user
of its own, so it is given a user namespace in which it is not root.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

SECONDS = 120
#: Options that say something about accelerators.
ABOUT_ACCELERATORS = ("-machine", "-accel")


class Native(NamedTuple):
    """The whole command line that libvirt makes; or, where it refuses, nothing and what it says."""

    argv: tuple[str, ...]
    said: str

    @property
    def about_accelerators(self) -> list[str]:
        """The options about accelerators, each with its value, less what -machine says of the machine itself."""
        words: list[str] = []
        for option, value in zip(self.argv, self.argv[1:], strict=False):
            if option == "-machine":
                kept = [part for part in value.split(",") if part.startswith(("kernel", "kvm-shadow"))]
                words += ["-machine", ",".join(kept)] if kept else []
            elif option == "-accel":
                words += [option, value]
        return words


def missing() -> str | None:
    """What is not there to ask libvirt; None where all is."""
    if shutil.which("virsh") is None:
        return "no virsh here: apt-get install libvirt-clients libvirt-daemon-driver-qemu"
    if shutil.which("qemu-system-x86_64") is None:
        return "no qemu-system-x86_64 here: apt-get install qemu-system-x86"
    return None


def domain(
    domain_type: str, features: str = "", after: str = "", arch: str = "x86_64", machine: str = "q35"
) -> str:
    """The XML of a small domain; ``after`` stands at its end."""
    return (
        f"<domain type='{domain_type}' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>"
        f"<name>asked</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>"
        f"<os><type arch='{arch}' machine='{machine}'>hvm</type></os><features>{features}</features>"
        f"<devices><emulator>{shutil.which(f'qemu-system-{arch}')}</emulator></devices>{after}</domain>"
    )


@cache
def _home() -> tempfile.TemporaryDirectory[str]:
    """Where libvirt keeps its files until Python ends; it asks a QEMU what it can once, and notes it there."""
    return tempfile.TemporaryDirectory(prefix="accelkit-libvirt-")


def natives(domains: Sequence[str]) -> list[Native]:
    """What libvirt makes of each domain, in order; one virsh is asked all."""
    home = Path(_home().name)
    asked: list[str] = []
    for place, text in enumerate(domains):
        (home / f"{place}.xml").write_text(text, encoding="utf-8")
        asked.append(f"domxml-to-native qemu-argv {home}/{place}.xml\necho ==={place}===\n")
    prefix = ["unshare", "--user", "--map-user=1000"] if os.geteuid() == 0 else []
    done = subprocess.run(
        ["timeout", str(SECONDS), *prefix, "virsh", "-q", "-c", f"qemu:///embed?root={home}/root"],
        input="".join(asked),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env=os.environ | {"HOME": str(home), "XDG_RUNTIME_DIR": str(home), "LC_ALL": "C.UTF-8"},
    )
    answers: list[Native] = []
    rest = done.stdout
    for place in range(len(domains)):
        said, mark, rest = rest.partition(f"\n==={place}===")
        if not mark:
            raise RuntimeError(f"virsh ended: {done.stdout[-2000:]}")
        line = next((line for line in said.splitlines() if " -accel " in line), None)
        errors = [line.removeprefix("error: ") for line in said.splitlines() if line.startswith("error: ")]
        answers.append(Native((), " ".join(errors)) if line is None else Native(tuple(shlex.split(line)), ""))
    return answers

"""The real libvirt: what command line it makes of domain XML, or why it refuses.

``virsh domxml-to-native`` is asked, with libvirt's QEMU driver inside virsh (``qemu:///embed``): no daemon
runs, no domain is started, and all files but a token in /run/libvirt stay in one private directory.

As root the driver wants a user to run QEMU as, libvirt-qemu. nss_wrapper, preloaded, makes it see one, whose
number is root's; the machine's own list of users stays as it is. A user namespace, in which virsh is not root,
would do as well, but containers and chroots refuse it.
"""

from __future__ import annotations

import atexit
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

SECONDS = 600
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
    home = tempfile.TemporaryDirectory(prefix="accelkit-libvirt-")
    atexit.register(home.cleanup)
    Path(home.name, "passwd").write_text(
        f"root:x:0:0::{home.name}:/bin/sh\nlibvirt-qemu:x:0:0::/:/bin/false\n"
    )
    Path(home.name, "group").write_text("root:x:0:\nlibvirt-qemu:x:0:\n")
    return home


def natives(domains: Sequence[str]) -> list[Native]:
    """What libvirt makes of each domain, in order; one virsh is asked all."""
    home = Path(_home().name)
    asked: list[str] = []
    for place, text in enumerate(domains):
        (home / f"{place}.xml").write_text(text, encoding="utf-8")
        asked.append(f"domxml-to-native qemu-argv {home}/{place}.xml\necho ==={place}===\n")
    environment = {"HOME": str(home), "XDG_RUNTIME_DIR": str(home), "LC_ALL": "C.UTF-8"}
    if os.geteuid() == 0:
        users = {"NSS_WRAPPER_PASSWD": f"{home}/passwd", "NSS_WRAPPER_GROUP": f"{home}/group"}
        environment |= {"LD_PRELOAD": "libnss_wrapper.so", **users}
    done = subprocess.run(
        ["timeout", str(SECONDS), "virsh", "-q", "-c", f"qemu:///embed?root={home}/root"],
        input="".join(asked),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env=os.environ | environment,
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

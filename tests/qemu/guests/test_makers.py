"""A real Linux, booted and measured phase by phase."""

from __future__ import annotations

import subprocess
import sys

import pytest
from support.processes import qemu
from support.tools import unavailable

from accelkit.guests.custom import SerialGuest
from accelkit.guests.makers import linux
from accelkit.study.model import Build, Record, Trial, stored_configuration
from accelkit.study.worker import measure

KERNEL = "linux-image-cloud-amd64"
TCG = ("-accel", "tcg")

INIT = b"""#!/bin/busybox sh
echo AK init
/bin/busybox mount -t devtmpfs none /dev
/bin/busybox mount -t proc none /proc
case "$(/bin/busybox cat /proc/cmdline)" in
*ak-poweroff*) /bin/busybox poweroff -f ;;
*ak-panic*) exit 1 ;;
esac
echo AK ready
exec /bin/busybox sleep 1000
"""


def cpio(entries: dict[str, bytes | None]) -> bytes:
    """An initramfs of files: name to content, None for a folder (Linux's driver-api/early-userspace)."""
    archive = bytearray()
    for inode, (name, content) in enumerate([*entries.items(), ("TRAILER!!!", b"")], start=1):
        data, mode = content or b"", 0o40755 if content is None else 0o100755
        fields = (inode, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0)
        archive += b"070701" + b"".join(b"%08X" % field for field in fields) + name.encode() + b"\0"
        archive += bytes(-len(archive) % 4) + data
        archive += bytes(-len(archive) % 4)
    return bytes(archive)


@pytest.fixture(scope="module")
def debian(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Debian's kernel for clouds, and an initramfs of busybox and one script."""
    folder = tmp_path_factory.mktemp("debian")

    def packages(*words: str) -> str:
        try:
            process = subprocess.run(
                words, cwd=folder, capture_output=True, text=True, timeout=120, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            unavailable(f"{words[0]}: {error}: no Debian kernel to boot")
        if process.returncode:
            unavailable(f"{' '.join(words)}: {process.stderr.strip()}: no Debian kernel to boot")
        return process.stdout

    depends = packages("apt-cache", "depends", KERNEL)
    image = next(word for word in depends.split() if word.startswith("linux-image-") and word != KERNEL)
    packages("apt-get", "download", image, "busybox-static")
    for package in folder.glob("*.deb"):
        packages("dpkg-deb", "-x", str(package), str(folder / "root"))
    busybox = next(iter(folder.glob("root/**/bin/busybox"))).read_bytes()
    (folder / "initrd").write_bytes(
        cpio({"dev": None, "proc": None, "bin": None, "bin/busybox": busybox, "init": INIT})
    )
    return str(next(iter(folder.glob("root/boot/vmlinuz-*")))), str(folder / "initrd")


def trial(guest: SerialGuest, timeout: float = 600) -> Record:
    planned = Trial("here", guest.name, "tcg", 0, 0)
    return measure(
        planned, Build("here", qemu(), ""), stored_configuration("tcg", TCG), guest, timeout=timeout
    )


@pytest.mark.qemu
@pytest.mark.skipif(sys.platform != "linux", reason="takes Debian's packages")
class TestLinux:
    PHASES = {"kernel": "Linux version", "memory": "Memory: ", "init": "AK init"}  # noqa: RUF012 - never changed

    def test_a_boot_is_measured_phase_by_phase(self, debian: tuple[str, str]) -> None:
        record = trial(linux(*debian, "tsc=reliable", until="AK ready", phases=self.PHASES))
        assert (record.cause, record.why) == ("ok", "")
        assert list(record.phases) == ["kernel", "memory", "init"]
        times = [*record.phases.values(), record.value or 0.0, record.wall]
        assert times == sorted(times)
        assert record.phases["kernel"] < record.phases["init"]
        assert (record.unit, record.accelerator, record.status) == ("s", "tcg", 0)
        assert record.counters["tbs"] > 1000

    def test_without_until_the_run_ends_with_the_machine(self, debian: tuple[str, str]) -> None:
        record = trial(linux(*debian, "quiet ak-poweroff", phases=self.PHASES))
        assert (record.cause, record.why) == ("ok", "")
        assert record.value == record.wall
        assert "init" in record.phases

    def test_a_panic_is_the_cause_with_the_kernels_message(self, debian: tuple[str, str]) -> None:
        record = trial(linux(*debian, "ak-panic", until="AK ready"))
        assert record.cause == "exception"
        assert record.why.startswith("Kernel panic - not syncing: Attempted to kill init!")
        assert record.value is None

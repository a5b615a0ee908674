"""Which kernel and busybox of a host are taken."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.elf import AARCH64, elf

from accelkit.errors import GuestError
from accelkit.guests import installed
from accelkit.guests.installed import busybox_for, is_kernel, kernel_for
from accelkit.guests.installed import installed as both

X86 = b"MZ" + bytes(0x200) + b"HdrS" + bytes(100)
ARM = b"MZ" + bytes(0x36) + b"ARMd" + bytes(0x300)


@pytest.fixture
def boot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(installed, "KERNELS", (f"{tmp_path}/vmlinuz-*", f"{tmp_path}/vmlinuz"))
    monkeypatch.setattr(installed, "BUSYBOXES", (f"{tmp_path}/busybox", f"{tmp_path}/busybox.static"))
    return tmp_path


def test_the_newest_kernel_of_the_target_is_taken(boot: Path) -> None:
    for release in ("5.10.0-9-amd64", "6.1.0-9-amd64", "6.1.0-13-amd64", "6.1.0-13-cloud-amd64"):
        (boot / f"vmlinuz-{release}").write_bytes(X86)
    (boot / "vmlinuz").write_bytes(X86)
    (boot / "vmlinuz-7.0.0-arm64").write_bytes(ARM)
    assert kernel_for("x86_64") == str(boot / "vmlinuz-6.1.0-13-cloud-amd64")
    assert kernel_for("aarch64") == str(boot / "vmlinuz-7.0.0-arm64")


def test_a_missing_kernel_is_told_with_what_to_install(boot: Path) -> None:
    (boot / "vmlinuz-1").write_bytes(b"no kernel")
    with pytest.raises(GuestError, match=r"apt-get install linux-image-cloud-amd64\), or give kernel="):
        kernel_for("x86_64")
    with pytest.raises(GuestError, match="apt-get install linux-image-cloud-arm64"):
        kernel_for("aarch64")


def test_a_kernel_that_may_not_be_read_is_told_with_what_to_do(
    boot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = boot / "vmlinuz-6.8.0-31-generic"
    path.write_bytes(X86)

    def refuse(path: str) -> int:
        raise PermissionError(13, os.strerror(13), path)

    monkeypatch.setattr(installed, "open_regular", refuse)  # root may read anything
    with pytest.raises(GuestError) as refused:
        kernel_for("x86_64")
    assert str(refused.value) == (
        f"{path}: Permission denied; make it readable (sudo chmod a+r {path}), or give kernel= another one"
    )


def test_a_busybox_of_the_target_is_taken(boot: Path) -> None:
    (boot / "busybox").write_bytes(elf(AARCH64))
    (boot / "busybox.static").write_bytes(elf())
    assert busybox_for("x86_64") == str(boot / "busybox.static")
    assert busybox_for("aarch64") == str(boot / "busybox")
    (boot / "busybox.static").write_bytes(elf()[:50])
    with pytest.raises(GuestError, match=r"no busybox for x86_64 in /bin: .*apt-get install busybox-static"):
        busybox_for("x86_64")


def test_a_file_that_is_shorter_than_a_kernels_header_is_none() -> None:
    assert not is_kernel(b"", "x86_64")
    assert not is_kernel(b"MZ", "aarch64")
    assert not is_kernel(X86, "aarch64")
    assert not is_kernel(ARM, "x86_64")
    assert is_kernel(b"\x1f\x8b" + bytes(9), "aarch64")
    assert not is_kernel(X86[:0x204], "x86_64")


def test_what_is_missing_is_told_at_once(boot: Path) -> None:
    with pytest.raises(
        GuestError, match=r"^linux_guest: no Linux kernel .*linux-image.*; and no busybox .*-static"
    ):
        both("x86_64")
    with pytest.raises(GuestError, match=r"^linux_guest: no busybox"):
        both("x86_64", kernel="vmlinuz")
    (boot / "vmlinuz-1").write_bytes(X86)
    assert both("x86_64", busybox="mine") == (str(boot / "vmlinuz-1"), "mine")

"""What a test needs of its machine: without it the test is skipped with what brings it, and fails in CI."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
from types import ModuleType
from typing import NoReturn

import pytest

PACKAGES = {
    "aarch64-linux-gnu-as": "binutils-aarch64-linux-gnu",
    "aarch64-linux-gnu-ld": "binutils-aarch64-linux-gnu",
    "aarch64-linux-gnu-objcopy": "binutils-aarch64-linux-gnu",
    "as": "gcc",  # which depends on binutils
    "busybox": "busybox-static",
    "cc": "gcc",
    "chromium": "chromium",
    "fish": "fish",
    "gcc": "gcc",
    "ld": "gcc",
    "libnss_wrapper.so": "libnss-wrapper",
    "mount": "mount",
    "objcopy": "gcc",
    "podman": "podman",
    "qemu-aarch64": "qemu-user",
    "qemu-img": "qemu-utils",
    "qemu-system-aarch64": "qemu-system-arm",
    "qemu-system-x86_64": "qemu-system-x86",
    "qemu-x86_64": "qemu-user",
    "sqlite3": "sqlite3",
    "strace": "strace",
    "systemd-analyze": "systemd",
    "virsh": "libvirt-clients",
    "vmlinuz": "linux-image-cloud-amd64",
    "x86_64-linux-gnu-as": "binutils-x86-64-linux-gnu",
    "x86_64-linux-gnu-ld": "binutils-x86-64-linux-gnu",
    "zsh": "zsh",
}
"""The programs, libraries and kernels that tests need, each with its package of Debian; not those that every Debian has."""


def in_ci() -> bool:
    """Whether this is a run in CI, where a missing tool is a failure."""
    return os.environ.get("CI") == "true"


def unavailable(reason: str) -> NoReturn:
    """Skips the test with ``reason``; fails it with CI=true, where all that tests need must be there."""
    __tracebackhide__ = True
    if in_ci():
        pytest.fail(reason)
    pytest.skip(reason, allow_module_level=True)


def out_of_reach(reason: str) -> NoReturn:
    """Skips the test with ``reason``, in CI too: nobody can install here what it needs."""
    __tracebackhide__ = True
    pytest.skip(reason)


def tool(program: str) -> str:
    """The path of a program of :data:`PACKAGES`."""
    __tracebackhide__ = True
    path = shutil.which(program)
    if path is None:
        unavailable(f"{program} is not installed: apt-get install {PACKAGES[program]}")
    return path


def library(name: str) -> None:
    """Needs a shared library of :data:`PACKAGES` that the dynamic linker finds when it is to be preloaded."""
    __tracebackhide__ = True
    done = subprocess.run(["true"], env=os.environ | {"LD_PRELOAD": name}, capture_output=True, check=True)
    if done.stderr:
        unavailable(f"{name} is not installed: apt-get install {PACKAGES[name]}")


def module(name: str, extra: str = "test") -> ModuleType:
    """A Python module that an extra of accelkit brings."""
    __tracebackhide__ = True
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        unavailable(f"{name} is not installed: pip install 'accelkit[{extra}]'")


def need_kvm() -> None:
    """Needs a /dev/kvm that this process may use."""
    __tracebackhide__ = True
    try:
        os.close(os.open("/dev/kvm", os.O_RDWR))
    except OSError as error:
        unavailable(f"/dev/kvm cannot be used: {error.strerror}")

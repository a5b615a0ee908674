"""The accelerators of a real QEMU."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import cast

import pytest
from support.processes import qemu
from support.releases import release
from support.tools import need_kvm, out_of_reach, tool

import accelkit
from accelkit.qemu.binary import version
from accelkit.qemu.capture import capture
from accelkit.schemas.releases import TARGETS
from accelkit.schemas.schema import Schema

SCHEMAS = Path(accelkit.__file__).parent / "schemas"


@pytest.mark.qemu
@pytest.mark.parametrize("target", TARGETS)
def test_a_capture_has_the_form_of_the_bundled_ones(target: str) -> None:
    captured = capture(qemu(target))
    assert captured["target"] == target
    assert captured["version"] == ".".join(map(str, version(qemu(target))))
    bundled = SCHEMAS / f"qemu-{captured['version']}-{target}.json"
    if bundled.exists() and (file := json.loads(bundled.read_text()))["package"] == captured["package"]:
        assert Schema.from_capture(captured).to_json() == file
    for path in SCHEMAS.glob(f"qemu-*-{target}.json"):
        assert json.loads(path.read_text()).keys() == {"format", "origin", *captured}


@pytest.mark.qemu
def test_a_qemu_whose_tcg_is_not_installed_is_asked_with_kvm() -> None:
    """8.2 of Ubuntu has TCG in a module; an empty folder is mounted over it, for this process alone."""
    need_kvm()
    unshare = tool("unshare")
    refusal = subprocess.run([unshare, "-m", "true"], capture_output=True, text=True, check=False).stderr
    if refusal:  # as in a chroot, whose root is no mount point
        out_of_reach(f"mounting something for one process alone is not allowed here: {refusal.strip()}")
    chroot, root, binary = release("8.2").command
    hide = f'mount -t tmpfs none {root}/usr/lib/x86_64-linux-gnu/qemu && exec {chroot} {root} "$@"'
    captured = capture((unshare, "-m", "sh", "-c", hide, "sh", binary))
    assert captured["version"] == "8.2.2"
    assert captured["binary-literals"] is True
    assert list(cast("dict[str, object]", captured["accelerators"])) == ["kvm"]

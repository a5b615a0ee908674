"""The accelerators of a real QEMU."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.processes import qemu

import accelkit
from accelkit.qemu.binary import version
from accelkit.qemu.capture import capture

SCHEMAS = Path(accelkit.__file__).parent / "schemas"


@pytest.mark.qemu
@pytest.mark.parametrize("target", ["x86_64", "aarch64"])
def test_a_capture_has_the_form_of_the_bundled_ones(target: str) -> None:
    captured = capture(qemu(target))
    assert captured["target"] == target
    assert captured["version"] == ".".join(map(str, version(qemu(target))))
    bundled = SCHEMAS / f"qemu-{captured['version']}-{target}.json"
    if bundled.exists() and (file := json.loads(bundled.read_text()))["package"] == captured["package"]:
        assert {"format": file["format"], **captured} == file
    for path in SCHEMAS.glob(f"qemu-*-{target}.json"):
        assert json.loads(path.read_text()).keys() == {"format", *captured}

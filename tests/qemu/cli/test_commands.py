"""``accelkit probe`` and ``accelkit diff`` with a real QEMU."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.cli import ask
from support.tools import tool, unavailable

import accelkit

SCHEMAS = Path(accelkit.__file__).parent / "schemas"


@pytest.mark.qemu
@pytest.mark.parametrize("target", ["x86_64", "aarch64"])
def test_probe_prints_what_is_bundled_for_that_qemu(target: str) -> None:
    tool(f"qemu-system-{target}")
    ran = ask("probe", "--target", target)
    assert (ran.status, ran.err) == (0, "")
    printed = json.loads(ran.out)
    series = ".".join(printed["version"].split(".")[:2])
    captured = [
        json.loads(path.read_text("utf-8")) for path in SCHEMAS.glob(f"qemu-{series}.*-{target}.json")
    ]
    if not captured:
        unavailable(f"QEMU {series} has no captured schema")
    assert printed["accelerators"] == captured[0]["accelerators"]
    if printed["package"] == captured[0]["package"]:
        assert printed == captured[0]


@pytest.mark.qemu
def test_what_probe_prints_diff_reads(qemu: str, tmp_path: Path) -> None:
    here = tmp_path / "here.json"
    here.write_text(ask("probe", qemu).out, "utf-8")
    version = json.loads(here.read_text("utf-8"))["version"]
    ran = ask("diff", str(here), str(here))
    assert ran == (0, f"QEMU {version} (x86_64) → QEMU {version} (x86_64): no difference\n", "")

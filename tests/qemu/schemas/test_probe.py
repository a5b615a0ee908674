"""probe: the schema of the QEMU that is installed, which is the bundled one for the same package."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.tools import tool

import accelkit
from accelkit import Schema, probe
from accelkit.schemas.releases import TARGETS

FOLDER = Path(accelkit.__file__).parent / "schemas"


@pytest.mark.qemu
@pytest.mark.parametrize("target", TARGETS)
def test_a_probed_schema_is_the_bundled_one_of_the_same_package(target: str) -> None:
    probed = probe(tool(f"qemu-system-{target}"), target)
    assert probed.target == target
    assert Schema.from_json(json.loads(json.dumps(probed.to_json()))) == probed
    path = FOLDER / f"qemu-{'.'.join(map(str, probed.version))}-{target}.json"
    if path.exists() and (bundled := json.loads(path.read_text("utf-8")))["package"] == probed.package:
        assert probed.to_json() == bundled
    for path in FOLDER.glob(f"qemu-*-{target}.json"):
        assert json.loads(path.read_text("utf-8")).keys() == probed.to_json().keys()

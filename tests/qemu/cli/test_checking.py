"""``accelkit check`` by the schema of a real QEMU."""

from __future__ import annotations

import re

import pytest
from support.cli import ask

import accelkit


@pytest.mark.qemu
def test_check_asks_the_binary_that_qemu_names(qemu: str) -> None:
    wrong = "tcg,x-not-there=1"
    name = re.escape(accelkit.probe(qemu).name)
    asked = ask("check", "--qemu", qemu, wrong, "tcg")
    assert asked.status == 1
    assert re.match(rf"✗ reject  {wrong}  \[{name}\]\n  ✗ refused  .*x-not-there", asked.out)
    assert asked.out.endswith(f"✓ accept  tcg  [{accelkit.probe(qemu).name}]\n")

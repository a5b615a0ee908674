"""What the guard in Python does otherwise than its executable: it finds children without the kernel's list."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the guard is Linux's")

PROGRAM = """
import builtins, subprocess
from accelkit.qemu import guard_in_python
real = open
def without_the_list(path, *words):
    if "children" in str(path):
        raise FileNotFoundError
    return real(path, *words)
with subprocess.Popen(["sleep", "600"]) as child:
    assert guard_in_python.children() == [child.pid]
    builtins.open = without_the_list
    assert guard_in_python.children() == [child.pid]
    child.kill()
"""


def test_children_are_found_with_and_without_the_kernels_list() -> None:
    subprocess.run([sys.executable, "-c", PROGRAM], check=True, timeout=300)

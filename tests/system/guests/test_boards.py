"""The images of the bundled guests equal what their sources build."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from support.tools import tool

import accelkit.guests

SOURCES = Path(accelkit.guests.__file__).parent


@pytest.mark.parametrize(
    ("target", "image", "programs"),
    [
        ("x86_64", "guest.rom", ("gcc", "as", "ld", "objcopy")),
        ("aarch64", "guest.bin", tuple(f"aarch64-linux-gnu-{name}" for name in ("as", "ld", "objcopy"))),
    ],
)
def test_the_image_is_byte_for_byte_what_the_source_builds(
    target: str, image: str, programs: tuple[str, ...], tmp_path: Path
) -> None:
    for name in programs:
        tool(name)
    subprocess.run([SOURCES / target / "build.sh", tmp_path], check=True, timeout=120)
    assert (tmp_path / image).read_bytes() == (SOURCES / target / image).read_bytes()

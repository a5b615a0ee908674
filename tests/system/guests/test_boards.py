"""The images of the bundled guests equal what their sources build."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

import accelkit.guests

SOURCES = Path(accelkit.guests.__file__).parent


@pytest.mark.parametrize(
    ("target", "image", "tools"),
    [
        ("x86_64", "guest.rom", ("gcc", "as", "ld", "objcopy")),
        ("aarch64", "guest.bin", tuple(f"aarch64-linux-gnu-{tool}" for tool in ("as", "ld", "objcopy"))),
    ],
)
def test_the_image_is_byte_for_byte_what_the_source_builds(
    target: str, image: str, tools: tuple[str, ...], tmp_path: Path
) -> None:
    if missing := [tool for tool in tools if shutil.which(tool) is None]:
        reason = (
            f"{', '.join(missing)} not installed: gcc, binutils, binutils-aarch64-linux-gnu build the guests"
        )
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    subprocess.run([SOURCES / target / "build.sh", tmp_path], check=True, timeout=120)
    assert (tmp_path / image).read_bytes() == (SOURCES / target / image).read_bytes()

"""No real QEMU refuses what accelkit advises to write."""

from __future__ import annotations

import pytest
from support.releases import release
from support.tools import need_kvm, tool

from .advice import refused, try_advice
from .real_qemu import BINARIES


@pytest.mark.qemu
@pytest.mark.parametrize(("series", "target"), BINARIES, ids=["-".join(binary) for binary in BINARIES])
def test_a_line_is_accepted_after_its_fixes(
    series: str, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if target in ("x86_64", "i386"):
        need_kvm()
    tool("cc")  # builds the fork server
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")  # -display sdl needs no screen then
    tried = try_advice(release(series, target))
    found = refused(tried)
    shown = "\n".join(map(str, found[:20]))
    assert not found, f"{len(found)} of {len(tried)} are refused:\n{shown}"
    assert len(tried) > 100

"""``accelkit tune SPACE --list``: what is worth trying, as text; nothing runs."""

from __future__ import annotations

import pytest

from accelkit import bundled
from accelkit.cli import main
from accelkit.host.capacity import Capacity
from accelkit.schemas.default import Asked
from accelkit.tuning import host_space


def test_it_prints_the_code_the_number_of_points_and_the_reasons(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(host_space, "default_schema", lambda: Asked(bundled("11.1"), "x86_64", "bundled"))
    monkeypatch.setattr(host_space, "this_capacity", lambda: Capacity(memory=512 << 20))
    assert main(["tune", "tcg,thread=multi", "--list"]) == 0
    out = capsys.readouterr().out
    assert "tcg() | thread(multi) | each(Recipe(), tb_size(each(8, 16, 32, 128)))" in out
    assert "5 configurations, for QEMU 11.1.3 (x86_64)." in out
    assert "your recipe decides it" in out


def test_a_space_is_refused_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tune", "tcg,tb-size={8,16}", "--list"]) == 2
    assert "has 2 points" in capsys.readouterr().err

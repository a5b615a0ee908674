"""What an installed QEMU prints today is what the table of messages knows."""

from __future__ import annotations

import subprocess

import pytest
from support.processes import qemu

from accelkit.explain.messages import messages_in

pytestmark = pytest.mark.qemu


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        ("-accel tcg -machine none,accel=tcg", "write -accel alone"),
        ("-M none -accel nosuch", "-accel help lists them"),
        ("-M none -icount shift=1 -accel tcg,thread=multi", "thread=single"),
        ("-M none -accel tcg,thread=both", "thread=multi"),
        ("-M none -accel tcg,nosuch=1", "does not fall back"),
        ("-M pc -accel tcg -cpu host", "-cpu max"),
        ("-M none -no-kvm", "took its place"),
        ("-M none -accel tcg,tb-size=64M", "tb-size=64"),
        ("-M pc -accel tcg, thread=multi", "join it"),
        ("-M pc -accel tcg -cpu nosuch", "-cpu help lists"),
        ("-M pc -accel tcg -smp 5000", "smaller -smp"),
        ("-M none -accel nosuch -accel nosuch", "-accel help lists them"),
        ("-M none -machine accel=", "-accel kvm -accel tcg"),
    ],
)
def test_it_is_explained(words: str, remedy: str) -> None:
    command = [*qemu(), "-S", "-display", "none", "-nodefaults", "-no-user-config", *words.split()]
    printed = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False).stderr
    (found,) = messages_in(printed)
    assert remedy in found.message.remedy

"""``accelkit diff``: of two QEMUs, and of two recipes."""

from __future__ import annotations

import pytest
from support.cli import ask

from accelkit import bundled, diff


def test_two_words_that_are_recipes_are_compared() -> None:
    status, out, err = ask("diff", "tcg,tb-size=64", "qemu-system-x86_64 -accel tcg,thread=multi -m 1G")
    assert (status, err) == (0, "")
    assert out == f"{diff('tcg,tb-size=64', 'tcg,thread=multi')}\n"
    assert "− removed  tb-size  64 MiB  –" in out


def test_two_words_that_are_qemus_are_compared() -> None:
    assert ask("diff", "7.2", "10.0").out == f"{diff(bundled('7.2'), bundled('10.0'))}\n"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("7.2", "kvm"), "kvm: neither a file nor a version; give a version such as 7.2, or a file that accelkit probe wrote"),
        (("kvm", "7.2"), "kvm: neither a file nor a version; give a version such as 7.2, or a file that accelkit probe wrote"),
        (("kvm", "kvn"), ("-accel kvn: no QEMU has this accelerator; did you mean 'kvm'?; "
         "or, for QEMUs, give a version such as 7.2, or a file that accelkit probe wrote")),
        (("4.2", "7.2"), "version: got '4.2'; the oldest that accelkit knows is 5.2; probe that QEMU"),
    ],
)  # fmt: skip
def test_one_of_each_and_what_is_neither_are_refused_in_words(words: tuple[str, str], why: str) -> None:
    assert ask("diff", *words) == (2, "", f"accelkit: {why}\n")

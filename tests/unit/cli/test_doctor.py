"""``accelkit doctor``: findings as text, and the exit status."""

from __future__ import annotations

import pytest

from accelkit.cli import doctor as printing
from accelkit.cli.doctor import blocks, run_doctor
from accelkit.document import to_text
from accelkit.host.finding import Finding

QEMU = "QEMU 7.2.22 for x86_64"


@pytest.mark.parametrize(("level", "status"), [("works", 0), ("broken", 1), ("skipped", 1)])
def test_the_status_is_0_when_an_accelerator_works(
    level: str, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    findings = (Finding(level, "tcg", "the reason", "do this", QEMU), Finding("quiet", "host", "still"))
    monkeypatch.setattr(printing, "doctor", lambda *_, **__: findings)
    assert run_doctor() == status
    assert capsys.readouterr().out == to_text(blocks(findings))


def test_findings_stand_below_their_qemu_and_remedies_below_what_they_are_for() -> None:
    findings = (
        Finding("works", "tcg", "a guest ran", qemu=QEMU),
        Finding("broken", "kvm", "/dev/kvm is missing", "load the module", QEMU),
        Finding("noisy", "load", "2.0 on 2 CPUs", "stop what runs"),
    )
    assert (
        to_text(blocks(findings))
        == """\
QEMU 7.2.22 for x86_64
----------------------

works   tcg  a guest ran
broken  kvm  /dev/kvm is missing
             -> load the module

this host
---------

noisy  load  2.0 on 2 CPUs
             -> stop what runs
"""
    )


def test_no_findings_make_no_blocks() -> None:
    assert list(blocks([])) == []

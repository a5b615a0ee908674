"""Which accelerators of a real QEMU work. Boots no guest under KVM without ACCELKIT_KVM=1."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence

import pytest
from support.processes import qemu

from accelkit.guests import Guest, Report
from accelkit.host.kvm import API, KvmFacts
from accelkit.measure import doctor as doctor_module
from accelkit.measure.doctor import doctor
from accelkit.measure.outcome import Outcome
from accelkit.measure.plain_boot import boot

pytestmark = pytest.mark.qemu


class FakeBoot:
    """Replaces boot(): records the accelerators, and every boot works."""

    def __init__(self) -> None:
        self.accelerators: list[str] = []

    def __call__(self, command: Sequence[str], argv: Sequence[str], work: Guest, timeout: float) -> Outcome:
        assert (work.name, work.slices) == ("cpu", 1)
        assert 0 < timeout < 60
        self.accelerators.append(argv[1])
        return Outcome("ok", "", 0.1, 0.1, 0.0, None, 0, 0, 33, Report(), "", tuple(command))


def test_every_accelerator_that_may_work_is_booted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_module, "kvm_facts", lambda: KvmFacts(api=API))
    fake = FakeBoot()
    findings = doctor(qemu(), boot=fake)
    assert sorted(finding.subject for finding in findings if finding.level == "works") == sorted(
        fake.accelerators
    )
    assert {"kvm", "tcg"} <= set(fake.accelerators)
    assert "qtest" not in fake.accelerators
    assert [finding.subject for finding in findings[-2:]] == ["host", "processes"]


def test_kvm_that_cannot_be_opened_is_not_booted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_module, "kvm_facts", lambda: KvmFacts(error=errno.EBUSY))
    fake = FakeBoot()
    kvm = next(finding for finding in doctor(qemu(), boot=fake) if finding.subject == "kvm")
    assert kvm.level == "broken"
    assert kvm.qemu.startswith("QEMU ")
    assert "kvm" not in fake.accelerators


def test_tcg_works_on_this_host() -> None:
    qemu()
    skip = () if os.environ.get("ACCELKIT_KVM") == "1" else ("kvm",)
    findings = doctor(skip=skip, boot=boot)
    works = [finding for finding in findings if (finding.level, finding.subject) == ("works", "tcg")]
    assert works
    assert all(finding.qemu.startswith("QEMU ") for finding in works)
    assert [finding.subject for finding in findings if finding.level == "skipped"] == ["kvm"] * bool(skip)


@pytest.mark.skipif(os.environ.get("ACCELKIT_KVM") != "1", reason="boots under KVM: ACCELKIT_KVM=1 allows it")
def test_kvm_works_or_says_why() -> None:
    kvm = next(finding for finding in doctor(qemu()) if finding.subject == "kvm")
    assert kvm.level == "works" or kvm.remedy

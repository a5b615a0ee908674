"""Which hosts can run a study: what is examined there, and what is made of it."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from accelkit import first_of, kvm, tcg
from accelkit.guests.catalogue import guest
from accelkit.guests.makers import linux
from accelkit.host.identity import this_host
from accelkit.study.hosts import doctor
from accelkit.study.hosts.doctor import (
    Condition,
    Identity,
    Needs,
    examine,
    faults,
    identify,
    needs_of,
    other_version,
)
from accelkit.study.hosts.guest_files import GuestFile
from accelkit.study.model import Build, Configuration, Record
from accelkit.study.worker import Worker

BUILD = Build("7.2", ("/opt/qemu",), "7.2.22", "a1" * 16)


def test_a_worker_needs_its_builds_accelerators_and_files(tmp_path: Path) -> None:
    (tmp_path / "vmlinuz").write_bytes(b"kernel")
    mine = linux(str(tmp_path / "vmlinuz"), name="mine")
    points = [Configuration(first_of(kvm(), tcg())), Configuration(tcg())]
    needs = needs_of(Worker.of([BUILD], points, [guest("cpu"), mine]))
    assert needs.builds == (BUILD,)
    assert needs.accelerators == ("kvm", "tcg")
    assert [file.path for file in needs.files] == [str(tmp_path / "vmlinuz")]


def test_a_function_needs_nothing() -> None:
    assert needs_of(lambda trial: Record(trial, "ok")) == Needs()
    assert not list(faults(Condition(), Needs()))


@pytest.mark.parametrize(
    ("condition", "fact"),
    [
        (Condition(absent={"7.2": "there is no such program"}), "lacks QEMU 7.2 (/opt/qemu): there is no such program"),
        (Condition(digests={"7.2": "b2" * 16}), "is another binary: its content is b2b2b2b2, here it is a1a1a1a1"),
        (Condition(kvm=("/dev/kvm: busy", "stop it")), "/dev/kvm: busy"),
        (Condition(places={"/dev/sdb": ""}), "lacks the device /dev/sdb of a guest"),
    ],
)  # fmt: skip
def test_each_lack_is_a_fault_with_its_remedy(condition: Condition, fact: str) -> None:
    (fault,) = faults(condition, Needs((BUILD,), ("kvm",), (GuestFile("/dev/sdb", "00", 0, device=True),))
                      if condition.places else Needs((BUILD,), ("kvm",)))  # fmt: skip
    assert fact in fault.fact
    assert fault.remedy


def test_a_file_that_is_missing_is_no_fault_but_sent() -> None:
    needs = Needs(files=(GuestFile("/boot/vmlinuz", "00", 0, device=False),))
    assert not list(faults(Condition(places={"/boot/vmlinuz": ""}), needs))


@pytest.mark.parametrize("known", ["", "a1" * 16])
def test_the_same_binary_or_one_that_cannot_be_seen_is_no_fault(known: str) -> None:
    assert not list(faults(Condition(digests={"7.2": known}), Needs((BUILD,))))
    assert not list(faults(Condition(digests={"7.2": "b2" * 16}), Needs((replace(BUILD, digest=""),))))


def test_an_examination_tells_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "digest", lambda _: "c3" * 16)
    monkeypatch.setattr(doctor, "_why_no_kvm", lambda _: ("no", "way"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    there = replace(BUILD, name="there", command=(sys.executable,))
    file = GuestFile("/nonexistent", "00", 0, device=False)
    seen = examine(Needs((BUILD, there), ("kvm",), (file,)))
    assert seen.absent == {"7.2": "there is no such program"}
    assert seen.digests == {"there": "c3" * 16}
    assert seen.kvm == ("no", "way")
    assert seen.places == {"/nonexistent": ""}
    assert {finding.level for finding in seen.noise} <= {"noisy"}


def test_another_version_is_a_fault() -> None:
    own = identify()
    assert own.host == this_host()
    assert other_version(own.accelkit, own) is None
    fault = other_version("9.9", Identity(own.host, own.boot, "1.0", "3.11"))
    assert fault is not None
    assert "accelkit 1.0, not 9.9" in fault.fact

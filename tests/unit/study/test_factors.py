"""The factors of a study from the user's arguments: QEMUs and guests."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from accelkit import bundled, tcg
from accelkit.errors import AccelkitError, GuestError, QemuError, StudyError
from accelkit.guests.catalogue import guest
from accelkit.guests.makers import command, linux
from accelkit.study.factors import chosen_guests, commands_of, guests_of
from accelkit.study.model import Build, Configuration
from accelkit.study.plan import Plan
from accelkit.study.store.writer import open_store

BUILDS = [Build("7.2", ("no-such-qemu",), "7.2.0"), Build("11.1", ("no-such-qemu",), "11.1.0")]
BASE = Configuration(tcg())


@pytest.mark.parametrize(
    "qemu", [sys.executable, Path(sys.executable), [sys.executable] * 2, [[sys.executable]]]
)
def test_a_qemu_given_twice_is_one(qemu) -> None:
    assert commands_of(qemu) == ((sys.executable,),)


def test_a_missing_qemu_and_none_at_all_are_refused() -> None:
    with pytest.raises(QemuError, match="no-such: no such program"):
        commands_of([sys.executable, "no-such"])
    with pytest.raises(StudyError, match=r"^qemu: names none"):
        commands_of([])


VERSION = command(["-M", "none", "-version"])


@pytest.mark.parametrize(
    ("guests", "chosen"),
    [
        ("smp", ("smp",)),
        (["smp", "cpu", "smp"], ("smp", "cpu")),
        (iter(["smp"]), ("smp",)),
        (VERSION, (VERSION,)),
        ([VERSION, VERSION.code], (VERSION,)),
        ("guest('memory').with_work(size=1048576)", (guest("memory").with_work(size=1 << 20),)),
    ],
)
def test_guests_are_names_calls_and_values_each_once(guests, chosen) -> None:
    assert chosen_guests(guests) == chosen


@pytest.mark.parametrize(
    ("guests", "error", "message"),
    [
        ("smpp", GuestError, "guest 'smpp': no such guest; did you mean 'smp'?"),
        (["cpu", 3], GuestError, "guests: got 3; takes names of bundled guests, such as 'cpu'"),
        (None, GuestError, "guests: got None; takes names"),
        ([], StudyError, "guests: names none; takes names"),
        (
            ["cpu", guest("cpu").with_work(n=9)],
            StudyError,
            "guests: several are named 'cpu'; names must differ",
        ),
        ("linx('vmlinuz')", GuestError, "guest: 'linx' makes no guest; did you mean 'linux'?"),
    ],
)
def test_what_is_no_guest_is_answered_with_what_is(guests, error: type[AccelkitError], message: str) -> None:
    with pytest.raises(error) as refusal:
        chosen_guests(guests)
    assert str(refusal.value).startswith(message)


def test_guests_that_are_values_are_booted_as_they_are(tmp_path) -> None:
    schemas = [bundled("7.2"), bundled("11.1")]
    mine = (guest("cpu").with_work(n=10, slices=2), command(["-M", "none", "-version"], name="version"))
    assert guests_of(mine, BUILDS, schemas, BASE, str(tmp_path / "none.sqlite"), 0.5) == mine


def test_a_guest_may_not_have_the_name_of_another_ones_phase(tmp_path) -> None:
    one = linux("/etc/passwd", phases={"boot": ""})
    two = linux("/etc/passwd", name="linux: boot")
    with pytest.raises(
        StudyError, match=r"^guests: 'linux: boot' names a guest, and a phase of 'linux'; rename one"
    ):
        guests_of([one, two], BUILDS, [bundled("7.2"), bundled("11.1")], BASE, str(tmp_path / "x"), 0.5)


def test_a_guest_for_another_target_is_refused(tmp_path) -> None:
    with pytest.raises(StudyError, match=r"guest 'cpu' is for aarch64, and QEMU 7\.2 runs x86_64"):
        guests_of([guest("cpu", "aarch64")], BUILDS[:1], [bundled("7.2")], BASE, str(tmp_path / "x"), 0.5)


def test_a_resumed_study_keeps_the_work_that_its_guests_have(tmp_path) -> None:
    """No calibration: there is no such QEMU."""
    path, work = str(tmp_path / "s.sqlite"), guest("cpu").with_work(n=1000, slices=7)
    open_store(path, Plan(BUILDS[:1], [BASE], [work], "tcg")).close()
    assert guests_of(["cpu"], BUILDS[:1], [bundled("7.2")], BASE, path, 0.5) == (work,)

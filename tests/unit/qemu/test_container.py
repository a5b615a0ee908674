"""Commands that run QEMU in containers, and what reaches them."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import pytest

from accelkit.errors import QemuError
from accelkit.qemu import container, descriptors
from accelkit.qemu.container import advice, end, fd_numbers, preserved_fds, renumbering, status_of

PLAIN = ("qemu-system-x86_64",)
PODMAN = ("podman", "run", "--preserve-fds=3", "--rm", "-i", "qemu", "qemu-system-x86_64")


@pytest.mark.parametrize(
    "option",
    [("--preserve-fds=2",), ("--preserve-fds", "x"), ("--preserve-fds",), ("--preserve-fds=1000",)],
)
def test_too_few_or_too_many_descriptors_are_refused(option: tuple[str, ...]) -> None:
    with pytest.raises(QemuError, match=r"QEMU needs 3 descriptors, .*; write --preserve-fds=3"):
        preserved_fds(("podman", "run", *option))


@pytest.mark.parametrize(
    ("command", "count"),
    [
        (PLAIN, None),
        (("env", "--preserve-fdsx=3", *PLAIN), None),
        (PODMAN, 3),
        (("podman", "run", "--preserve-fds", "64", "qemu"), 64),
    ],
)
def test_the_option_of_podman_tells_how_many_descriptors_are_passed_on(
    command: Sequence[str], count: int | None
) -> None:
    assert preserved_fds(command) == count


def test_descriptors_keep_their_numbers_unless_podman_renumbers_them() -> None:
    assert fd_numbers(PLAIN, (9, 7, 30)) == (9, 7, 30)
    assert fd_numbers(PODMAN, (9, 7, 30)) == (3, 4, 5)


def test_only_a_command_that_renumbers_goes_through_the_renumbering_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(container.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert renumbering(PLAIN, (9,)) == list(PLAIN)
    program = [sys.executable, "-I", "-S", descriptors.__file__]
    assert renumbering(PODMAN, (9, 7)) == [*program, "3", "9,7", "/usr/bin/podman", *PODMAN[1:]]
    assert renumbering(PODMAN) == [*program, "3", "", "/usr/bin/podman", *PODMAN[1:]]


def test_a_program_that_is_missing_keeps_its_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """So the error that starting it raises names it."""
    monkeypatch.setattr(container.shutil, "which", lambda _: None)
    assert renumbering(PODMAN, (9,)) == list(PODMAN)


@pytest.mark.parametrize(
    ("command", "status", "result"),
    [
        (PODMAN, 0, 0),
        (PODMAN, 33, 33),
        (PODMAN, 128 + 9, -9),
        (PODMAN, 128 + 11, -11),
        (PODMAN, 128 + 15, 128 + 15),  # SIGTERM ends no QEMU: it exits with 0
        (PODMAN, 125, 125),
        (PLAIN, 128 + 9, 128 + 9),
        (PLAIN, -9, -9),
    ],
)
def test_a_status_above_128_is_a_signal_only_for_podman(
    command: Sequence[str], status: int, result: int
) -> None:
    assert status_of(command, status) == result


@pytest.mark.parametrize(
    ("command", "text"),
    [
        (PLAIN, "podman run --preserve-fds=3 --rm -i IMAGE qemu-system-x86_64"),
        (("docker", "run", "qemu"), "docker, ssh and sudo pass none on"),
        (("sudo", "/usr/bin/podman", "--log-level", "info", "run", "-i", "my qemu"),
         "write: sudo /usr/bin/podman --log-level info run --preserve-fds=3 -i 'my qemu'"),
        (("podman", "exec", "qemu"), "docker, ssh and sudo pass none on"),
        (("sudo", *PODMAN), "a command in front of podman closes them, as sudo does"),
    ],
)  # fmt: skip
def test_the_advice_fits_the_command(command: Sequence[str], text: str) -> None:
    assert text in advice(command)


class FakeChild:
    """A child that only notes what is asked of it."""

    def __init__(self) -> None:
        self.calls: list[object] = []

    def ends(self, seconds: float) -> bool:
        self.calls.append(seconds)
        return True

    def kill(self) -> None:
        self.calls.append("kill")


@pytest.mark.parametrize(
    ("command", "quitting", "calls"),
    [
        (PLAIN, False, ["kill"]),
        (PLAIN, True, ["kill"]),
        (PODMAN, False, ["kill"]),
        (PODMAN, True, [5.0, "kill"]),
    ],
)
def test_only_a_container_whose_qemu_quits_gets_time_before_its_end(
    command: Sequence[str], quitting: bool, calls: list[object]
) -> None:
    child = FakeChild()
    end(child, command, quitting=quitting)  # type: ignore[arg-type]
    assert child.calls == calls

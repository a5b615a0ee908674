"""The tables of QEMU's options: which release has which, and what took the place of those removed."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from accelkit.syntax import qemu_options
from accelkit.syntax.qemu_options import (
    FLAGS,
    RELEASES,
    REMOVED,
    UNLISTED,
    VALUED,
    number_of,
    option_releases,
    options_listed,
    options_of,
    remedy_of,
)

TARGETS = ("x86_64", "i386", "aarch64", "arm", "riscv64", "s390x", "ppc64")
FILE = Path(qemu_options.__file__).with_name("options.tsv")
LINES = [line.split("\t") for line in FILE.read_text("utf-8").splitlines()]


def test_each_line_has_its_releases_targets_and_evidence() -> None:
    head, *rows = LINES
    assert head == ["option", "value", "targets", "first", "last", "evidence", "condition"]
    for name, value, targets, first, last, evidence, *_ in rows:
        assert re.fullmatch(r"[A-Za-z][\w-]*", name)
        assert value in ("yes", "no")
        assert targets
        assert first in RELEASES
        assert not last or RELEASES.index(first) <= RELEASES.index(last)
        assert evidence


def test_no_option_is_in_two_tables() -> None:
    assert not FLAGS & VALUED
    assert {name for name, *_ in LINES[1:]} == FLAGS | VALUED
    assert not {name for name, option in REMOVED.items() if not any(option.since)} & (FLAGS | VALUED)


def test_lines_of_one_option_are_of_different_releases() -> None:
    spans: dict[str, list[tuple[int, int]]] = {}
    for name, _, _, first, last, *_ in LINES[1:]:
        spans.setdefault(name, []).append((RELEASES.index(first), RELEASES.index(last or RELEASES[-1])))
    for name, found in spans.items():
        found.sort()
        assert all(before[1] < after[0] for before, after in pairwise(found)), name


@pytest.mark.parametrize(
    ("name", "target", "first", "last"),
    [
        ("accel", "s390x", "5.2", "11.1"), ("run-with", "x86_64", "8.1", "11.1"), ("action", "arm", "6.0", "11.1"),
        ("audio", "ppc64", "7.1", "11.1"), ("no-hpet", "i386", "5.2", "8.2"), ("no-acpi", "aarch64", "5.2", "8.2"),
        ("soundhw", "x86_64", "5.2", "7.0"), ("realtime", "x86_64", "5.2", "5.2"), ("watchdog", "x86_64", "5.2", "7.1"),
        ("writeconfig", "x86_64", "5.2", "7.0"), ("enable-fips", "x86_64", "5.2", "7.0"), ("sdl", "x86_64", "5.2", "7.0"),
        ("no-quit", "x86_64", "5.2", "6.2"), ("alt-grab", "x86_64", "5.2", "7.0"), ("chroot", "x86_64", "5.2", "8.2"),
        ("runas", "x86_64", "5.2", "9.2"), ("async-teardown", "x86_64", "7.2", "8.2"), ("old-param", "arm", "5.2", "10.1"),
        ("enable-kvm", "riscv64", "5.2", "11.1"), ("smbios", "riscv64", "9.0", "11.1"), ("singlestep", "x86_64", "5.2", "8.2"),
    ],
)  # fmt: skip
def test_first_and_last_release_of(name: str, target: str, first: str, last: str) -> None:
    assert option_releases(name, target) == (number_of(first), number_of(last))
    having = [release for release in RELEASES if name in options_of(number_of(release), target)]
    assert having == list(RELEASES[RELEASES.index(first) : RELEASES.index(last) + 1])


def test_options_of_other_targets_are_none() -> None:
    assert option_releases("no-hpet", "aarch64") is None
    assert option_releases("prom-env", "x86_64") is None
    assert option_releases("no-such-option", "x86_64") is None
    assert "xen-domid" in options_of((7, 0), "s390x")
    assert "xen-domid" not in options_of((7, 1), "s390x")


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("release", RELEASES)
def test_every_release_has_options_with_and_without_a_value(release: str, target: str) -> None:
    options = options_of(number_of(release), target)
    assert list(options) == sorted(options)
    assert {name for name, valued in options.items() if valued} <= VALUED
    assert {name for name, valued in options.items() if not valued} <= FLAGS
    assert set(UNLISTED) <= options.keys()
    assert not options.keys() & {
        name for name, gone in REMOVED.items() if number_of(release) >= gone.since[:2]
    }


def test_a_newer_release_has_the_options_of_the_newest() -> None:
    assert options_of((99, 0), "x86_64") == options_of((11, 1, 3), "x86_64")


def test_a_listed_option_that_no_table_has_is_read_as_its_line_has_it() -> None:
    listed = options_listed({"new-flag": False, "new-value": True, "S": True, "m": False})
    assert listed == {"M": True, "S": False, "m": True, "new-flag": False, "new-value": True,
                      "qtest": True, "qtest-log": True}  # fmt: skip


def test_every_option_that_was_removed_has_a_remedy() -> None:
    newest = {name for target in TARGETS for name in options_of((11, 1), target)}
    gone = {name for name, _, _, _, last, *_ in LINES[1:] if last} - newest
    other_targets = {"g", "prom-env"}  # ppc64's, or of other targets
    assert gone - other_targets <= REMOVED.keys()
    for name, option in REMOVED.items():
        assert option.remedy.startswith(("write ", "leave it out"))
        assert ";" not in option.remedy, name  # a message ends with one remedy, after its last semicolon
        assert option.valued == (name in VALUED) or not any(option.since)


@pytest.mark.parametrize(
    ("name", "value", "release", "text", "words"),
    [
        ("no-hpet", None, (10, 0), "write -machine hpet=off", ("-machine", "hpet=off")),
        ("chroot", "/my root", (10, 0), "write -run-with 'chroot=/my root'", ("-run-with", "chroot=/my root")),
        ("chroot", None, (10, 0), "write -run-with chroot=…", None),
        ("realtime", "mlock=off", (7, 2), "write -overcommit mem-lock=off", ("-overcommit", "mem-lock=off")),
        ("realtime", "mlock=maybe", (7, 2), "write -overcommit mem-lock=…", None),
        ("redir", "tcp:2232::22", (11, 1), "write -nic user,hostfwd=tcp::2232-:22", ("-nic", "user,hostfwd=tcp::2232-:22")),
        ("redir", "tcp:2232:22", (11, 1), "write -nic user,hostfwd=…", None),
        ("async-teardown", None, (5, 2), "leave it out", ()),
        ("async-teardown", None, (9, 0), "write -run-with async-teardown=on", ("-run-with", "async-teardown=on")),
        ("run-with", "async-teardown=on", (7, 2), "write -async-teardown", ("-async-teardown",)),
        ("run-with", "async-teardown=on", (5, 2), "leave it out", ()),
        ("run-with", "exit-with-parent=on", (7, 2), "write -chroot …", None),
        ("no-kvm-irqchip", None, (7, 2), "write -machine kernel-irqchip=off", ("-machine", "kernel-irqchip=off")),
        ("no-kvm-irqchip", None, (8, 0), "leave it out: from 8.0 on PCs need KVM's own irqchip", ()),
        ("no-such-option", None, (8, 0), "leave it out", None),
    ],
)  # fmt: skip
def test_the_remedy_of(
    name: str, value: str | None, release: tuple[int, int], text: str, words: tuple[str, ...] | None
) -> None:
    assert remedy_of(name, value, release) == (text, words)

"""``accelkit lint``: what it prints, and its exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.cli import ask

from accelkit.cli.linting import FORMATS


@pytest.fixture
def script(tmp_path: Path) -> str:
    path = tmp_path / "run.sh"
    path.write_text("A=both\nqemu-system-x86_64 -accel tcg,thread=$A\n")
    return str(path)


def test_findings_are_printed_as_compilers_print_them(script: str) -> None:
    ran = ask("lint", "--version", "10.0", script)
    assert (
        ran.out
        == f"{script}:2:31: refused: tcg,thread=both: both is not a thread setting; write single or multi\n"
    )
    assert ran.err == "accelkit: note: 1 command of QEMU in 1 file; asked QEMU 10.0.13 (x86_64)\n"
    assert ran.status == 1


def test_findings_as_data(script: str) -> None:
    ran = ask("lint", "--version", "10.0", "--format", "json", script)
    data = json.loads(ran.out)
    assert (data["commands"], data["files"], data["asked"]) == (1, 1, ["QEMU 10.0.13 (x86_64)"])
    assert [finding["line"] for finding in data["findings"]] == [2]


def test_findings_as_annotations(script: str) -> None:
    ran = ask("lint", "--version", "10.0", "--format", "github", script)
    assert ran.out.startswith(
        f"::error file={script},line=2,col=31,title=accelkit%3A refused::tcg,thread=both: "
    )


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (b"#!/bin/sh\nqemu-kvm -accel kvm", 0),
        (b"#!/bin/sh\nqemu-kvm -accel $X", 3),
        (b"#!/bin/sh\nqemu-kvm -accel x", 1),
        (b"nothing", 0),
        (b"\xef\xbb\xbfqemu-kvm -accel x\r\n", 1),
    ],
)
def test_standard_input_is_read_and_the_status_says_what_was_found(text: bytes, status: int) -> None:
    assert ask("lint", "--version", "10.0", "-", stdin=text).status == status


def test_a_file_that_cannot_be_read_leaves_the_others_alone(script: str) -> None:
    ran = ask("lint", "--version", "10.0", "/nonexistent", script)
    assert ran.status == 2
    assert ran.err.startswith("accelkit: /nonexistent: No such file or directory\n")
    assert script in ran.out


def test_the_formats_are_those_of_the_help() -> None:
    assert ask("lint", "--format", "xml", "a").status == 2
    assert all(word in ask("lint", "--help").out for word in FORMATS)

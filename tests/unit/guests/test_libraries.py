"""The libraries of a program, found in folders of the test's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.elf import AARCH64, elf

from accelkit.errors import GuestError
from accelkit.guests import libraries as module
from accelkit.guests.libraries import libraries, read_file


@pytest.fixture(autouse=True)
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A host whose dynamic linker looks into tmp_path/usual only, by a configuration with an include."""
    (tmp_path / "usual").mkdir()
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf/a.conf").write_text(f"# ours\n{tmp_path}/usual  # here\n\nhwcap 0 nosegneg\n")
    (tmp_path / "ld.so.conf").write_text("include conf/*.conf\n")
    monkeypatch.setattr(module, "_CONFIGURATION", str(tmp_path / "ld.so.conf"))
    return tmp_path


def test_a_static_program_and_a_script_need_nothing() -> None:
    assert libraries("prog", elf(), "x86_64") == {}
    assert libraries("script", b"#!/bin/sh\n", "x86_64") == {}


def test_libraries_are_found_with_those_that_they_need(host: Path) -> None:
    linker, own = host / "ld.so", host / "own"
    own.mkdir()
    one, two = elf(needed=["libtwo.so", "ld.so"]), elf(needed=["libone.so"])
    linker.write_bytes(elf())
    (own / "libone.so").write_bytes(one)
    (host / "usual/libtwo.so").write_bytes(two)
    program = elf(interpreter=str(linker), needed=["libone.so"], runpath="$ORIGIN/own")
    found = libraries(str(host / "prog"), program, "x86_64")
    assert found == {str(linker): elf(), "libone.so": one, "libtwo.so": two}


def test_a_library_for_another_cpu_is_passed_over(host: Path) -> None:
    (host / "first").mkdir()
    (host / "first/libx.so").write_bytes(elf(AARCH64))
    (host / "usual/libx.so").write_bytes(elf())
    program = elf(needed=["libx.so"], runpath=str(host / "first"))
    assert libraries("prog", program, "x86_64") == {"libx.so": elf()}


def test_what_is_missing_is_named_with_what_to_do() -> None:
    with pytest.raises(
        GuestError, match=r"^'prog': needs the library 'libx\.so', which is not in the places where"
    ):
        libraries("prog", elf(needed=["libx.so"]), "x86_64")
    with pytest.raises(GuestError, match=r"its dynamic linker '/nonexistent/ld\.so': No such file .*-static"):
        libraries("prog", elf(interpreter="/nonexistent/ld.so"), "x86_64")
    with pytest.raises(
        GuestError, match=r"^'prog': is made for aarch64, and the guest is x86_64; build it for x86_64"
    ):
        libraries("prog", elf(AARCH64), "x86_64")
    with pytest.raises(GuestError, match="is made for another CPU"):
        libraries("prog", elf(3), "x86_64")
    with pytest.raises(GuestError, match=r"^'prog': it is not a whole ELF program"):
        libraries("prog", elf()[:70], "x86_64")


def test_a_configuration_that_includes_itself_ends(host: Path) -> None:
    (host / "ld.so.conf").write_text("include ld.so.conf\n")
    with pytest.raises(GuestError, match="needs the library"):
        libraries("prog", elf(needed=["libx.so"]), "x86_64")


def test_a_file_that_is_too_large_is_refused_before_it_fills_the_memory(
    host: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGEST", 1 << 20)
    with open(host / "large", "wb") as file:
        file.truncate((1 << 20) + 1)
    with pytest.raises(GuestError, match=r"has more than 1 MiB; take a disk image for it: disk\(path\)"):
        read_file(str(host / "large"))

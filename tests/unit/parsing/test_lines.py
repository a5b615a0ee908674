"""line_of and read: commands and text to what they say about accelerators. test_reader.py has the words."""

from __future__ import annotations

import pytest

from accelkit.parsing.lines import line_of, line_of_accel, lost, read
from accelkit.parsing.sources import commands
from accelkit.parsing.understanding import understand


@pytest.mark.parametrize(
    "text",
    [
        "sudo qemu-kvm -accel tcg,thread=single",
        "-accel tcg,thread=single",
        "$ kvm -accel tcg,thread=single -m 1G",
    ],
)
def test_a_command_is_read_without_what_stands_before_it(text: str) -> None:
    (accel,) = read(text).accels
    assert (accel.name, [write.key for write in accel.writes]) == ("tcg", ["thread"])
    assert read(text) == line_of(understand(text).commands[0])


def test_an_accel_argument_is_read_alone() -> None:
    assert read("tcg,thread=single") == line_of_accel("tcg,thread=single")
    assert line_of_accel("help").faults == (
        "-accel help: QEMU prints its accelerators and ends; name one of them",
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("sudo foo", "no command in it starts a QEMU"),
        ("tcg()", "is a recipe and no command line"),
        ("tcg,tb-size={8,64}", "is a recipe and no command line"),
        ("kvm -m 1; kvm -m 2", "2 QEMU commands are in it"),
        ("<network/>", "the root is <network>"),
        ("kvm -name 'x", "quote is not closed"),
        ("kvm -accel tcg,tb-size={8,64}", "a shell makes several words of the braces"),
    ],
)
def test_a_text_that_is_no_one_command_is_a_fault(text: str, fault: str) -> None:
    assert any(fault in found for found in read(text).faults)


def test_what_a_reader_of_sources_notices_is_a_fault_or_lost() -> None:
    (quote,) = commands("kvm -name 'x")
    assert [note.effect for note in quote.notes] == ["fatal"]
    assert lost(quote) == ()
    (missing,) = commands("kvm \\\n  -m 1G\n  -smp 2")
    assert lost(missing) == missing.notes != ()
    (dash,) = commands("–accel kvm")
    assert ([note.effect for note in dash.notes], lost(dash)) == (["word"], ())
    (braces,) = understand("kvm -accel tcg,tb-size={8,64}").commands
    assert [note.effect for note in braces.notes] == ["fatal"]


@pytest.mark.parametrize(
    "text", ['kvm -device \'{"driver":"e1000","id":"a"}\'', "kvm -name {x}", "kvm -m ${M:-1,2}"]
)
def test_braces_that_a_shell_does_not_expand_are_no_fault(text: str) -> None:
    assert read(text).faults == ()

"""Words become commands: wrappers, scripts in a word, lines that get lost."""

from __future__ import annotations

from accelkit.parsing.sources.building import Raw, command_of, direct_command, inside, lost_lines
from accelkit.parsing.sources.places import Source


def _raws(text: str) -> list[Raw]:
    return [Raw(word, text.index(word)) for word in text.split()]


def test_words_before_the_program_are_its_wrapper() -> None:
    source = Source("sudo qemu-system-arm -m 1G")
    (command,) = command_of(_raws(source.text), "x", source, before=[Raw("row", 0)])
    assert (command.argv, command.target, command.dialect) == (("qemu-system-arm", "-m", "1G"), "arm", "x")
    assert [word.text for word in command.wrapper] == ["row", "sudo"]


def test_words_without_a_qemu_are_no_command() -> None:
    assert command_of(_raws("ls -l"), "x", Source("ls -l")) == ()
    assert direct_command([], "x", Source("")) == ()


def test_the_text_of_a_shell_in_a_word_is_read_where_it_stands() -> None:
    source = Source("run\nsh -c 'qemu-kvm -m $M'")
    raws = [Raw("sh", 4), Raw("-c", 7), Raw("qemu-kvm -m $M", 10)]
    (command,) = command_of(raws, "x", source)
    assert [tuple(word) for word in command.words] == [("qemu-kvm", 2, 8), ("-m", 2, 17), ("$M", 2, 20)]
    assert command.variables == ("$M",)
    assert [word.text for word in command.wrapper] == ["sh", "-c"]


def test_the_inside_of_a_word_begins_behind_its_quote() -> None:
    assert inside(Raw("kvm", 2), Source('a f"kvm"')).place(0) == (1, 5)


def test_a_variable_that_two_words_have_is_told_once() -> None:
    (command,) = direct_command(
        [Raw("-m", 0), Raw("$A", 0, ("$A",)), Raw("$A", 0, ("$A",))], "x", Source("-m")
    )
    assert command.variables == ("$A",)


def test_a_line_that_begins_with_an_option_behind_the_command_is_lost() -> None:
    (note,) = lost_lines(3, "^", "cmd.exe", Source("kvm\n  -m 1G"))
    assert note[:3] == (
        'cmd.exe ends the command at line 1, so QEMU never gets the lines after it; add " ^" at the end of line 1',
        1,
        4,
    )
    assert lost_lines(3, "^", "cmd.exe", Source("kvm\necho")) == ()

"""QEMU commands among a script's commands."""

from __future__ import annotations

from accelkit.lint.bash import bash_statements
from accelkit.lint.commands import Chosen, qemu_commands, word_of
from accelkit.lint.flow import follow
from accelkit.lint.script import Text, Use
from accelkit.parsing.sources import Word
from accelkit.parsing.sources.shell import shell_commands


def commands(text: str) -> list[tuple[Chosen, ...]]:
    return list(qemu_commands(follow(bash_statements(text)), "shell", shell_commands(text)))


def test_only_commands_that_start_a_qemu_are_left() -> None:
    text = "echo qemu-kvm -m 1G; qemu-img x; sudo qemu-system-arm -M virt; qemu-kvm --version"
    found = [way.command for (way,) in commands(text)]
    assert [(command.argv, command.target) for command in found] == [
        (("qemu-system-arm", "-M", "virt"), "arm"),
        (("qemu-kvm", "--version"), None),
    ]
    assert [word.text for word in found[0].wrapper] == ["sudo"]


def test_the_text_for_another_shell_is_read_at_its_place() -> None:
    ((way,),) = commands("ssh host 'cd /; qemu-kvm -m 1G'")
    assert [word[1:] for word in way.command.words] == [(1, 17), (1, 26), (1, 29)]


def test_a_character_has_the_place_of_the_piece_that_it_is_of() -> None:
    ((way,),) = commands("A=tcg\nqemu-kvm -accel $A,thread=multi -m $X")
    assert way.command.argv == ("qemu-kvm", "-accel", "tcg,thread=multi", "-m", "$X")
    assert [way.place(2, at) for at in (0, 2, 3, 4)] == [(1, 3), (1, 5), (2, 19), (2, 20)]
    assert way.place(4, 1) == (2, 36)
    assert way.command.variables == ("$X",)
    assert word_of((Use("", "$X", 1, 2), Text("y", 1, 4))) == Word("$Xy", 1, 2)


def test_what_the_reader_of_pasted_text_notices_is_noticed_here() -> None:
    ((way,),) = commands("Q=qemu-kvm\n$Q -m 1G\n-smp 2")
    assert [note.text.partition(",")[0] for note in way.command.notes] == [
        "the shell ends the command at line 2"
    ]
    (one, two) = commands("qemu-kvm -m 1G\nqemu-kvm –m 1G")
    assert not one[0].command.notes
    assert two[0].command.notes

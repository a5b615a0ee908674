"""Commands in a text inside of a script."""

from __future__ import annotations

from accelkit.lint.given import given, given_in, placed
from accelkit.lint.script import Text, Use
from accelkit.parsing.sources import commands


def test_a_command_has_its_place_in_the_script() -> None:
    found = list(given("sudo qemu-kvm -m 1G\nqemu-kvm –x\nqemu-kvm -m 1\n-smp 2", 10, 5))
    one, two, three = (given.command for given in found)
    assert [(word.line, word.column) for word in one.words] == [(10, 10), (10, 19), (10, 22)]
    assert [(word.line, word.column) for word in one.wrapper] == [(10, 5)]
    assert [(word.line, word.column) for word in two.words] == [(11, 1), (11, 10)]
    assert [(note.line, note.column) for note in two.notes] == [(11, 10)]
    assert three.argv == ("qemu-kvm", "-m", "1")


def test_a_word_of_several_pieces_has_all_of_them() -> None:
    use = Use("", "$(a\nb)", 3, 9)
    pieces = (Text("qemu-kvm -accel tcg,", 1, 5), Text("thread=x\n", 7, 2), Text("qemu-kvm -m ", 9, 1), use)
    one, two = given_in(pieces)
    assert one.parts[2] == (Text("tcg,", 1, 21), Text("thread=x", 7, 2))
    assert two.parts == ((Text("qemu-kvm", 9, 1),), (Text("-m", 9, 10),), (use,))


def test_a_quote_is_not_the_first_character_of_a_word() -> None:
    text = 'run(["qemu-kvm", "-m", "1G"])'
    (found,) = placed(commands(text), (Text(text, 1, 1),))
    assert [word.column for word in found.command.words] == [6, 18, 24]
    assert [piece.column for word in found.parts for piece in word] == [7, 19, 25]


def test_lines_that_begin_with_an_option_are_no_command() -> None:
    assert list(given("- qemu\n-accel kvm", 1, 1)) == []
    assert list(given("nothing", 1, 1)) == []

"""A program and its words under keys of their own."""

from __future__ import annotations

from accelkit.parsing.sources.building import Raw
from accelkit.parsing.sources.list_sections import Sections
from accelkit.parsing.sources.list_values import Names

PROGRAM = [Raw("qemu-kvm", 0)]


def _names(**held: str) -> Names:
    names = Names(0)
    names.held.update({name: [Raw(word, 0) for word in words.split()] for name, words in held.items()})
    return names


def _texts(sections: Sections) -> list[str]:
    return [" ".join(word.text for word in words) for words in sections.found()]


def test_a_program_gets_the_words_that_stand_beside_it_in_either_order() -> None:
    names = _names(args="-m 1G")
    sections = Sections(names)
    sections.add("Args", None, 0)
    sections.add("command", PROGRAM, 0)
    assert _texts(sections) == ["qemu-kvm -m 1G"]
    assert names.held == {}


def test_each_table_is_one_command() -> None:
    names = _names(args="-m 1G")
    sections = Sections(names)
    sections.add("command", PROGRAM, 0)
    sections.add("args", None, 0)
    sections.end()
    names.held["args"] = [Raw("-S", 0)]
    sections.add("command", PROGRAM, 0)
    sections.add("args", None, 0)
    assert _texts(sections) == ["qemu-kvm -m 1G", "qemu-kvm -S"]


def test_words_of_another_program_and_words_that_stand_elsewhere_are_left() -> None:
    names = _names(args="qemu-kvm -m 1G")
    sections = Sections(names)
    sections.add("command", PROGRAM, 0)
    sections.add("args", None, 0)
    assert _texts(sections) == []
    names = _names(args="-m 1G")
    names.used.add("args")
    sections = Sections(names)
    sections.add("command", PROGRAM, 0)
    sections.add("args", None, 0)
    assert _texts(sections) == []
    assert names.held != {}

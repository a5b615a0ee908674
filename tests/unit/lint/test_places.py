"""Where in a command a problem stands."""

from __future__ import annotations

import pytest

from accelkit import bundled, check
from accelkit.checking.places import Line
from accelkit.lint.places import character_of


@pytest.mark.parametrize(
    ("line", "marked"),
    [
        ("-accel tcg,thread=both", "thread=both"),
        ("-accel kvm,kernel_irqchip=maybe", "kernel_irqchip=maybe"),
        ("-M q35,thread=multi", "thread=multi"),
        ("-accel foo", "foo"),
        ("-machine q35,accel=foo", "foo"),
        ("-nosuch", "-nosuch"),
        ("-accel kvm -icount shift=auto", "-icount"),
        ("-M q35 -accel tcg -cpu host", "host"),
        ("-M q35 -enable-kvm -accel tcg", "-accel"),
        ("-enable-kvm -no-kvm-irqchip", "-no-kvm-irqchip"),
        ("-accel tcg,id=1a", "tcg,id=1a"),
        ("-accel", "-accel"),
    ],
)
def test_a_problem_stands_where_its_words_are(line: str, marked: str) -> None:
    words = ["qemu-system-x86_64", *line.split()]
    problem = check(words, bundled("10.0"))[0]
    number, character = character_of(problem, Line(words))
    assert words[number][character:] == marked


def test_what_is_about_no_word_stands_at_the_program() -> None:
    problem = check(["kvm", "-accel", "foo"], bundled("10.0"))[0]._replace(accel=None, value=None, why="?")
    assert character_of(problem, Line(["kvm", "-m", "1G"])) == (0, 0)

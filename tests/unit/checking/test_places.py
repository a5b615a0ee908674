"""place_of: the word of the text that a problem is about."""

from __future__ import annotations

import pytest

from accelkit import Problem, bundled, check
from accelkit.checking.places import Line, spot_of

LINE = "qemu-system-x86_64 -M q35,{machine} \\\n  -cpu host \\\n  {rest}"


@pytest.mark.parametrize(
    ("machine", "rest", "word"),
    [
        ("usb=off", "-accel tcg,thread=both", "tcg,thread=both"),
        ("usb=off", "-accel kvm,x=1 -accel tcg", "kvm,x=1"),
        ("usb=off", "-accel hvf", "hvf"),
        ("thread=single", "-accel tcg", "q35,thread=single"),
        ("kernel_irqchip=bad", "-accel kvm", "q35,kernel_irqchip=bad"),
        ("usb", "-accel tcg,no", "tcg,no"),
        ("usb=off", "-accel kvm -icount 1", "-icount"),
        ("usb=off", "-accel kvm -oops 1", "-oops"),
        ("usb=off", "-accel tcg -global tcg-accel.thread=single", "-global"),
        ("usb=off", "-accel kvm -singlestep", "-singlestep"),
    ],
)
def test_a_problem_has_the_place_of_its_word(machine: str, rest: str, word: str) -> None:
    text = LINE.format(machine=machine, rest=rest)
    places = {problem.place for problem in check(text, bundled("10.0"))}
    line = next(number for number, part in enumerate(text.split("\n"), 1) if word in part.split())
    column = text.split("\n")[line - 1].index(word) + 1
    assert (line, column) in places


def test_a_recipe_and_a_list_of_words_have_no_places() -> None:
    for x in (["-accel", "tcg,thread=both"], "tcg,thread=both"):
        assert [problem.place for problem in check(x, bundled("10.0"))] == [None]


def test_what_is_noticed_about_the_text_has_its_own_place() -> None:
    text = "qemu-system-x86_64 \\\n  -accel tcg\n  -smp 2"
    (problem,) = check(text, bundled("10.0"))
    assert (problem.kind, problem.place) == ("ignored", (2, 13))  # where a backslash is missing


@pytest.mark.parametrize(
    ("line", "number", "marked"),
    [
        ("-drive file=/thread=both -accel tcg,thread=both -name thread=both", 4, "thread=both"),
        ("-name kvm,foo=1 -accel tcg,foo=1 -drive foo=1", 4, "foo=1"),
        ("-accel kvm,thread=single -accel tcg,thread=single", 2, "thread=single"),
        ("-name -accel,foo -accel foo -drive foo", 4, "foo"),
        ("-M q35,accel=kvm,kernel_irqchip=bad -name kernel-irqchip=bad", 2, "kernel_irqchip=bad"),
        ("-accel tcg,id=a -set accel.a.thread=both -name thread=both", 4, "thread=both"),
        ("-accel kvm,norapl -name norapl", 2, "norapl"),
        ("-name q35 -M q35 -cpu host -accel tcg -name host", 6, "host"),
        ("-machine accel=foo:bar -name foo", 2, "foo:bar"),
        ("-accel=tcg -name -accel=tcg", 1, "-accel=tcg"),
        ("-M q35 thread=single -name thread=single", 3, "thread=single"),
    ],
)
def test_only_the_options_own_value_is_searched(line: str, number: int, marked: str) -> None:
    words = ["kvm", *line.split()]
    spot = spot_of(check(words, bundled("10.0"))[0], Line(words))
    assert spot is not None
    assert (spot.word, words[spot.word][spot.character :]) == (number, marked)


def test_an_empty_word_has_its_place() -> None:
    words = ["kvm", "-name", "", "", "-S"]
    assert spot_of(check(words, bundled("10.0"))[0], Line(words)) == (3, 0)


def test_what_is_about_no_word_has_no_spot() -> None:
    assert (
        spot_of(Problem("unknown", None, None, None, "nobody knows", "ask"), Line(["kvm", "-m", "1G"]))
        is None
    )

"""What brackets hold."""

from __future__ import annotations

from accelkit.parsing.sources.building import Raw
from accelkit.parsing.sources.list_brackets import closed
from accelkit.parsing.sources.list_values import Frame, Names, Value


def _frame(opener: str, *values: Value) -> Frame:
    frame = Frame(opener, 0)
    for value in values:
        frame.add_value(value, 0, 0)
        frame.end(0, "", Names(0))
    return frame


def _text(*words: str) -> list[Value]:
    return [Value((Raw(word, 0),), is_text=True) for word in words]


def _words(value: Value) -> list[str]:
    return [word.text for word in value.words or ()]


def test_a_list_is_its_words_with_those_of_the_lists_in_it() -> None:
    value, rest = closed(_frame("[", *_text("kvm", "-m"), Value((Raw("1G", 0),))), "")
    assert (_words(value), rest) == (["kvm", "-m", "1G"], [])


def test_a_call_whose_first_word_is_a_program_runs_its_words() -> None:
    value, _ = closed(_frame("(", *_text("kvm", "-m")), "spawn")
    assert (_words(value), value.call) == (["kvm", "-m"], "spawn")


def test_a_call_of_anything_else_hands_on_the_lists_in_it() -> None:
    value, rest = closed(_frame("(", Value((Raw("kvm", 0),))), "run")
    assert value.words is None
    assert [[word.text for word in words] for words in rest] == [["kvm"]]


def test_words_are_handed_on_a_few_times_only() -> None:
    value, _ = closed(_frame("[", Value((Raw("kvm", 0),), depth=9)), "")
    assert value.words is None

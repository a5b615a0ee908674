"""Variables are hidden while a line is read, and stand in what was read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from accelkit.parsing.reader import read_words
from accelkit.parsing.variables import hide, show

NAMES = st.lists(st.sampled_from(["$A", "$AB", "${X:-a,b}", "%i", "$(make -s)"]), unique=True)


@given(st.text("ab$ABX%i,=", max_size=30), NAMES)
def test_what_was_hidden_is_shown_again(word: str, names: list[str]) -> None:
    assert show((*hide([word], names),), names) == (word,)


def test_the_longest_name_is_hidden_first() -> None:
    assert [len(word) for word in hide(["$AB", "$A", ""], ["$A", "$AB"])] == [1, 1, 0]


def test_a_comma_in_a_variable_separates_nothing() -> None:
    line = read_words(
        ["-accel", "${ACCEL:-kvm,device=/dev/kvm},thread=$T"], ("${ACCEL:-kvm,device=/dev/kvm}", "$T")
    )
    (accel,) = line.accels
    assert accel.name == "${ACCEL:-kvm,device=/dev/kvm}"
    assert [(write.key, write.value) for write in accel.writes] == [("thread", "$T")]
    assert line.variables == ("${ACCEL:-kvm,device=/dev/kvm}", "$T")

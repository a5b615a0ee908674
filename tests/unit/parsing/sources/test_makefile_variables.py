"""make's variables."""

from __future__ import annotations

from accelkit.parsing.sources.makefile_variables import Variables
from accelkit.parsing.sources.rewritten import Rewritten


def _value(text: str) -> Rewritten:
    made = Rewritten()
    made.keep(text, 0, len(text))
    return made


def _expanded(variables: Variables, text: str) -> str:
    return variables.expanded(_value(text)).text()


def test_what_is_added_under_a_condition_is_the_rest_of_a_known_value() -> None:
    variables = Variables(100)
    variables.assign("A", "", _value("-m"), certain=True)
    variables.assign("A", "+", _value("-s"), certain=False)
    assert _expanded(variables, "$(A)") == "-m $(A)"


def test_a_value_that_no_longer_is_certain_is_forgotten() -> None:
    variables = Variables(100)
    variables.assign("A", "", _value("1"), certain=True)
    variables.assign("A", "", _value("2"), certain=False)
    variables.assign("A", "+", _value("3"), certain=True)
    variables.assign("A", "?", _value("4"), certain=True)
    assert _expanded(variables, "$A $$ $<") == "$A $ $(<)"


def test_values_that_grow_and_grow_stay_variables() -> None:
    variables = Variables(0)
    for number in range(40):
        variables.assign(f"A{number}", "", _value(f"$(A{number + 1})$(A{number + 1})"), certain=True)
    variables.assign("A40", "", _value("0123456789"), certain=True)
    assert len(_expanded(variables, "$(A0)")) < 200_000

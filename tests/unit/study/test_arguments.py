"""Plain arguments of a study: each is answered by name, all of them at once."""

from __future__ import annotations

import inspect
import traceback
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from accelkit.errors import DomainError, StudyError
from accelkit.study.arguments import Problems, flag, front, function, number, path_of, share, spelled, whole


@pytest.mark.parametrize("value", [1, np.int64(1)])
def test_a_whole_number_may_be_of_any_integer_type(value: object) -> None:
    made = whole("blocks", value, 1)
    assert (made, type(made)) == (1, int)


@pytest.mark.parametrize("value", ["20", 0, 1_000_001, True, 20.0, None, [20], Fraction(20), 1 << 5000])
def test_what_is_no_number_of_blocks_is_refused(value: object) -> None:
    with pytest.raises(StudyError, match=r"^blocks: got .*; takes a whole number from 1 to 1000000$"):
        whole("blocks", value, 1)


@pytest.mark.parametrize("value", ["1", 0, True, None, float("nan"), float("inf"), 10**400])
def test_what_is_no_number_of_seconds_is_refused(value: object) -> None:
    with pytest.raises(StudyError, match=r"^timeout: got .*; takes a number from 0\.001 to 1000000$"):
        number("timeout", value, 0.001, 1e6)
    assert number("timeout", 60, 0.001, 1e6) == 60.0


@pytest.mark.parametrize("value", [1, 0, "yes", None])
def test_a_switch_is_true_or_false(value: object) -> None:
    with pytest.raises(StudyError, match=r"^race: got .*; takes True or False$"):
        flag("race", value)
    assert flag("race", False) is False


def test_a_share_may_be_text() -> None:
    assert (share("delta", "2%"), share("delta", 0.02)) == (0.02, 0.02)
    with pytest.raises(StudyError, match=r"^confidence: got '95'; takes a share .*; did you mean '95%'\?$"):
        share("confidence", "95")


def test_a_function_can_be_called() -> None:
    assert function("scatter", map) is map
    with pytest.raises(StudyError, match=r"^scatter: got 3; takes a function like map$"):
        function("scatter", 3)


def test_a_store_is_a_path_in_a_folder_that_is_there(tmp_path: Path) -> None:
    assert path_of(None) is None
    assert path_of(tmp_path / "s.sqlite") == str(tmp_path / "s.sqlite")
    assert path_of("s.sqlite") == "s.sqlite"
    for wrong in (3, "", b"s.sqlite", ["s.sqlite"]):
        with pytest.raises(
            StudyError, match=r"^store: got .*; takes the name of a file, such as 'tcg.sqlite'$"
        ):
            path_of(wrong)
    with pytest.raises(StudyError, match=r"^store='.*/none/s\.sqlite': its folder does not exist; make it"):
        path_of(tmp_path / "none" / "s.sqlite")


@pytest.mark.parametrize(
    ("name", "value", "python", "shell"),
    [
        ("blocks", 9, "blocks=9", "--blocks 9"),
        ("time", "90s", "time='90s'", "--time 90s"),
        ("precision", "2%", "precision='2%'", "--precision 2%"),
        ("run_seconds", 1, "run_seconds=1", "--run-seconds 1"),
        ("anyway", True, "anyway=True", "--anyway"),
    ],
)
def test_an_argument_is_spelled_as_the_user_writes_it(
    name: str, value: object, python: str, shell: str
) -> None:
    assert spelled(name, value, in_shell=False) == python
    assert spelled(name, value, in_shell=True) == shell


def refuse(message: str) -> int:
    raise DomainError(message)


def test_one_problem_keeps_its_type_and_several_are_told_together() -> None:
    none = Problems()
    assert none.take(0, int, "3") == 3
    none.raise_all()
    one = Problems()
    assert one.take(7, refuse, "delta: wrong") == 7
    with pytest.raises(DomainError, match=r"^delta: wrong$"):
        one.raise_all()
    one.take(7, refuse, "seed: wrong")
    with pytest.raises(StudyError, match=r"^2 problems before anything runs: delta: wrong \| seed: wrong$"):
        one.raise_all()


@front
def measure(space: str, *, blocks: int = 20, time: float | None = None) -> int:
    """A study, nearly."""
    if space == "interrupted":
        raise KeyboardInterrupt("in block 3")
    return blocks + int(time or 0)


def test_an_unknown_argument_is_answered_with_the_nearest() -> None:
    call: object = measure
    with pytest.raises(TypeError, match=r"^measure\(\) has no argument block=, did you mean 'blocks'\?$"):
        call("tcg", block=3)  # type: ignore[operator]
    with pytest.raises(TypeError, match=r"block=, .*; has no argument zzz=, one of space, blocks, time$"):
        call("tcg", block=3, zzz=1)  # type: ignore[operator]


def test_a_front_is_called_and_looks_like_its_function() -> None:
    assert measure("tcg", blocks=3, time=2.0) == 5
    assert str(inspect.signature(measure)).startswith("(space: 'str', *, blocks: 'int' = 20, time:")
    assert measure.__doc__ == "A study, nearly."


def test_an_interrupt_has_no_line_of_the_function_in_its_traceback() -> None:
    with pytest.raises(KeyboardInterrupt, match=r"^in block 3$") as stop:
        measure("interrupted")
    assert type(stop.value) is KeyboardInterrupt, "of a subclass Python would not end by the signal"
    assert [frame.name for frame in traceback.extract_tb(stop.value.__traceback__)][1:] == ["called"]

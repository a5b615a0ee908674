"""The points of a tuning by number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.tunings import SPACE

from accelkit import bundled, each, kvm, tb_size, tcg
from accelkit.errors import ComposeError, StudyError
from accelkit.study.points import baseline_of
from accelkit.tuning import points as module
from accelkit.tuning.points import tuning_points

SCHEMAS = (bundled("7.2"),)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=20))
def test_a_number_is_always_the_same_point(numbers: list[int]) -> None:
    points = tuning_points(SPACE, None)
    assert [points.configuration(number).recipe for number in numbers] == [
        SPACE[number] for number in numbers
    ]
    assert all(map(points.allows, numbers))


def test_points_that_qemu_would_refuse_are_not_allowed() -> None:
    points = tuning_points("tcg,tb-size={8,much},no-such={x,y}", baseline_of("tcg"), SCHEMAS)
    assert points.allows(points.start)
    assert not any(points.allows(number) for number in range(points.size) if number != points.start)
    assert all(points.refused.values())


def test_a_baseline_that_qemu_would_refuse_is_told() -> None:
    with pytest.raises(StudyError, match=r"baseline: tcg,no-such=x: .*no-such"):
        tuning_points(SPACE, baseline_of("tcg,no-such=x"), SCHEMAS)


def test_the_same_options_count_once() -> None:
    space = tcg() | tb_size(each(8, 16)) | tb_size(each(32, 64))
    points = tuning_points(space, None)
    assert [points.allows(number) for number in range(4)] == [True, True, False, False]
    assert points.refused[2] == "it has the same options as another point"
    assert tuning_points([*space], None).size == 2


def test_the_baseline_is_a_point_of_what_is_listed_and_else_beside_it() -> None:
    base = baseline_of("tcg,tb-size=9")
    listed = tuning_points(SPACE, base)
    assert (listed.size, listed.start, listed.has_baseline) == (7, 0, True)
    own = tuning_points(SPACE, baseline_of("tcg,tb-size=64,thread=multi"))
    assert (own.size, own.start, own.has_baseline) == (6, 3, True)
    large = tuning_points(tcg() | tb_size(each(range(10, 9000))), base)
    assert (large.size, large.start, large.has_baseline) == (8990, 0, False)
    assert large.baseline.name == "tcg,tb-size=9"


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_KEPT", 2)
    points = tuning_points(SPACE, None)
    first = points.configuration(0)
    for number in range(6):
        assert points.allows(number)
    assert points.configuration(0) == first
    assert points.allows(0)


def test_what_makes_no_space_is_refused() -> None:
    with pytest.raises(StudyError, match="has 1 point, and there is nothing to choose"):
        tuning_points([tcg()], None)
    with pytest.raises(StudyError, match="takes text such as"):
        tuning_points(3, None)  # type: ignore[arg-type]
    with pytest.raises(ComposeError):
        tuning_points(tb_size(each(8, 16)), None)
    with pytest.raises(StudyError, match="give 1 to 100000"):
        tuning_points([tcg() | tb_size(each(range(1, 200_000))), kvm()], None)

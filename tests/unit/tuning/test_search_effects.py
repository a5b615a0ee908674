"""Which properties matter by the trials of a search: what the known response has, for each guest and over all."""

from __future__ import annotations

import pytest
from support.tuned import tuned

from accelkit.errors import StudyError
from accelkit.study.analysis.effects import ALL, GuestEffects


def of(guest: str) -> GuestEffects:
    return next(group for group in tuned().effects().guests if group.guest == guest)


def test_each_guest_has_what_matters_to_it() -> None:
    assert [group.guest for group in tuned().effects().guests] == ["smp", "tb-thrash", ALL]
    assert of("smp").mains[0].name == "thread"
    assert "split-wx" not in of("smp").of("matters")
    assert of("tb-thrash").mains[0].name == "tb-size"
    assert set(of(ALL).of("matters")) == {"thread", "tb-size"}


def test_intervals_hold_the_truth() -> None:
    (thread,) = [main for main in of("smp").mains if main.name == "thread"]
    assert thread.least <= 1.7 <= thread.limit
    (size,) = [main for main in of("tb-thrash").mains if main.name == "tb-size"]
    assert size.least <= 6.0 * 1.03 and size.limit >= 6.0 / 1.03  # noqa: PT018


def test_it_says_that_it_is_by_few_points_of_many() -> None:
    assert not of("smp").is_grid
    assert "points of the space were measured; a response surface" in str(tuned().effects())


def test_one_guest_can_be_asked_for() -> None:
    assert [group.guest for group in tuned().effects("smp").guests] == ["smp"]
    with pytest.raises(StudyError, match="did you mean 'smp'"):
        tuned().effects("smpp")


def test_with_several_goals_it_is_the_cost() -> None:
    effects = tuned("time and memory").effects()
    assert effects.measure == "cost"
    assert "tb-size" in effects.guests[0].of("matters")  # a larger cache takes more memory

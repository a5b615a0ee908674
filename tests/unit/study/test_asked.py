"""What a study and a tuning are asked for alike."""

from __future__ import annotations

from typing import Any

import pytest

from accelkit.errors import AccelkitError
from accelkit.study.arguments import Problems
from accelkit.study.asked import asked
from accelkit.study.model import Record

USUAL: dict[str, Any] = {
    "guests": ["smp", "cpu"], "qemu": None, "store": None, "measure": lambda trial: Record(trial, "ok"), "seed": 0,
    "delta": 0.01, "confidence": 0.95, "run_seconds": 0.5, "timeout": 60.0,
}  # fmt: skip


def test_with_a_function_nothing_is_looked_for() -> None:
    given = Problems()
    what = asked(given, **USUAL)
    given.raise_all()
    assert [guest.name for guest in what.guests] == ["smp", "cpu"]
    builds, schemas = what.started()
    assert [build.name for build in builds] == ["simulated"]
    assert schemas == ()


def test_all_that_is_wrong_is_noted() -> None:
    given = Problems()
    wrong = {"seed": "x", "delta": 2, "run_seconds": 0, "timeout": -1, "guests": [3], "store": 3}
    asked(given, **USUAL | wrong)
    with pytest.raises(AccelkitError) as error:
        given.raise_all()
    assert all(f"{name}: got" in str(error.value) for name in wrong)


def test_the_pace_is_that_of_guests_by_name() -> None:
    from accelkit.guests import guest

    what = asked(Problems(), **USUAL | {"measure": None, "guests": "cpu", "qemu": "/bin/true"})
    assert what.pace([guest("cpu")], 0.2) == 0.25
    assert what._replace(chosen=()).pace([guest("cpu")], 0.2) is None

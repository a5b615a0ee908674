"""What reading a store and writing every form of its report costs: counted in calls, not in seconds."""

from __future__ import annotations

import cProfile
from pathlib import Path
from types import FunctionType

from support.known_result import known_result, sweep

from accelkit.parsing.expression import evaluate
from accelkit.parsing.recipes import parse
from accelkit.study.result import Result
from accelkit.study.store.writer import open_store
from accelkit.study.swept import axes_of


def calls(profile: cProfile.Profile, function: FunctionType) -> int:
    return sum(entry.callcount for entry in profile.getstats() if entry.code is function.__code__)


def test_a_configuration_is_read_once_whatever_is_written_of_it(tmp_path: Path) -> None:
    points = sweep(sizes=range(1, 51))
    assert len(points) == 101
    study, path = known_result(points, ["smp", "tb-thrash"], blocks=6), tmp_path / "s.sqlite"
    with open_store(path, study.plan) as store:
        for record in study.records:
            store.append(record)
    with cProfile.Profile() as profile:
        result = Result.from_store(path)
        for ending in ("md", "html"):
            result.save(tmp_path / f"report.{ending}")
        str(result)
        result._repr_mimebundle_()
        result.best("smp")
        result.rows()
        result.rows("comparisons")
        result.plot("tb-size", "thread").svg()
    assert calls(profile, evaluate) == 101
    assert calls(profile, parse) == 0
    assert calls(profile, axes_of) == 1

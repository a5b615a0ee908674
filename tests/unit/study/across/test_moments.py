"""A store as a moment: the medians of its cells, what fails, what the guests do."""

from __future__ import annotations

import math
from pathlib import Path

from support.stores import study_store

from accelkit.study.across.measured import measured_at
from accelkit.study.across.moments import Key, moment_of


def test_a_moment_has_the_median_alone_and_beside_the_baseline(tmp_path: Path) -> None:
    path = study_store(tmp_path / "a.sqlite", speed=2.0)
    moment = moment_of(*measured_at([str(path)]))
    base, single = (moment.values[Key("cpu", name, "")] for name in ("tcg", "tcg,thread=single"))
    assert base.beside is None
    assert math.isclose(math.exp(base.time.middle), 2e6, rel_tol=0.01)
    assert single.beside is not None
    assert math.isclose(math.exp(single.beside.middle), 1.2, rel_tol=0.01)
    assert single.work == "cpu cpu 1000 ticks"
    assert (moment.baseline, moment.fails) == ("tcg", frozenset())


def test_what_fails_has_no_value(tmp_path: Path) -> None:
    path = study_store(tmp_path / "a.sqlite", failing=lambda trial: "single" in trial.configuration)
    moment = moment_of(*measured_at([str(path)]))
    assert moment.fails == {Key("cpu", "tcg,thread=single", "")}
    assert Key("cpu", "tcg,thread=single", "") not in moment.values

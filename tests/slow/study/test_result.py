"""Results of many configurations: the calls that reports make, and the charts that are drawn."""

from __future__ import annotations

import cProfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest
from support.known_result import known_result, sweep

from accelkit.parsing.notation import evaluate
from accelkit.parsing.recipes import parse
from accelkit.study.report.names import row_names
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
        result.pick("smp")
        result.rows()
        result.rows("comparisons")
        result.plot("tb-size", "thread").svg()
    assert calls(profile, evaluate) == 101
    assert calls(profile, parse) == 0
    assert calls(profile, axes_of) == 1


def test_a_cliff_in_bytes_is_marked_in_whole_numbers() -> None:
    few, many = "kvm,kvm-shadow-mem=1048576", "kvm,kvm-shadow-mem=67108864"
    result = known_result(["kvm", few, many], ["cpu"], baseline="kvm")
    records = tuple(
        replace(record, value=60 * (record.value or 0)) if record.trial.configuration == few else record
        for record in result.records
    )
    chart = replace(result, records=records).plot("kvm-shadow-mem")
    assert "at least 67108864 bytes" in str(chart.altair.to_dict())


@pytest.mark.parametrize("configurations", [100, 700])
def test_charts_of_many_configurations_are_drawn_with_the_best_and_say_so(configurations: int) -> None:
    """Of some 500 on, the library that draws ended with "Maximum call stack size exceeded"."""
    points = sweep(sizes=range(1, configurations // 2))
    result = known_result(points, ["smp"], blocks=2)
    chart = result.plot()
    names = {row["name"] for row in rows_of(chart.altair.to_dict()) if "name" in row}
    drawn = row_names(result.plan)
    assert names == {drawn[name] for name in result.ranking["7.2.22", "smp"][:21]}
    assert f"Drawn: the baseline and the best 20 of {len(points) - 1} other configurations" in str(
        chart.altair.to_dict()
    )
    assert "<svg" in chart.svg()
    trials = result.plot_trials()
    assert trials.says == "Trials of the configurations shown. 42 trials, 0 failed"
    assert "<svg" in trials.svg()
    along = result.plot("tb-size", "thread").altair.to_dict()
    if configurations == 700:
        assert "60 of the 350 values tried are drawn" in str(along)
    assert len({row["place"] for row in rows_of(along) if "ratio" in row}) <= 2 * 60


def rows_of(node: Any) -> Iterator[dict[str, Any]]:
    """All rows of data in a chart."""
    if isinstance(node, list):
        for part in node:
            yield from rows_of(part)
    elif isinstance(node, dict):
        if "values" in node and node["values"] and isinstance(node["values"][0], dict):
            yield from node["values"]
        for part in node.values():
            yield from rows_of(part)

"""Tidy rows of trials and comparisons, summaries, slices of a sweep."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from support.known_result import FAILING, known_result, sweep
from support.plans import plan_of

from accelkit.errors import StudyError
from accelkit.study.analysis.tidy import latest, sliced, summaries, telling_counters
from accelkit.study.model import Cell, Record, Trial


def test_a_slice_fixes_the_other_properties_where_most_points_are_then_near_the_baseline() -> None:
    plan = plan_of(*sweep())
    fixed, points = sliced(plan, ["tb-size"])
    assert fixed == {"thread": "single"}
    assert [point.name for point in points] == [f"tcg,tb-size={size},thread=single" for size in (1, 8, 32)]
    assert sliced(plan, ["tb-size"], {"thread": "multi"})[0] == {"thread": "multi"}
    based = plan_of(*sweep(), baseline="tcg,tb-size=8,thread=multi")
    assert sliced(based, ["tb-size"])[0] == {"thread": "multi"}
    assert len(sliced(plan, ["tb-size", "thread"])[1]) == 7
    with pytest.raises(StudyError, match="at thread=none: nothing was measured there"):
        sliced(plan, ["tb-size"], {"thread": "none"})


def test_all_rows_of_trials_have_the_same_columns() -> None:
    result = known_result(guests=["smp"], blocks=3, failing=[("smp", "tcg,tb-size=8,thread=multi")])
    rows = result.rows()
    assert len(rows) == 21
    assert {tuple(row) for row in rows} == {tuple(rows[0])}
    assert [row["order"] for row in rows] == list(range(1, 22))
    row = next(row for row in rows if row["configuration"] == "tcg,tb-size=32,thread=multi")
    assert row | {"value": 0, "order": 0, "started": 0, "block": 0, "tbs": 0} == {
        "order": 0, "build": "7.2.22", "guest": "smp", "configuration": "tcg,tb-size=32,thread=multi", "tb-size": 32,
        "thread": "multi", "block": 0, "cause": "ok", "value": 0, "unit": "ticks", "wall": 0.5, "user": 0.45,
        "system": 0.02, "max_rss": 40_000, "voluntary_switches": 0, "involuntary_switches": 0, "status": None,
        "accelerator": "tcg", "started": 0, "load": 0.4, "steal": 0.0, "host": "", "why": "", "tb-flushes": 0.0, "tbs": 0,
        "code-bytes": 19.5 * 1024 * 1024,
    }  # fmt: skip
    plain = next(row for row in rows if row["configuration"] == "tcg")
    assert (plain["tb-size"], plain["thread"]) == (None, None)
    failed = [row for row in rows if row["cause"] == "refused"]
    assert [(row["value"], row["why"], row["tb-flushes"]) for row in failed] == [
        (None, "it does not take the options", None)
    ] * 3


def test_comparison_rows_hold_no_infinities() -> None:
    rows = known_result(blocks=2, failing=[FAILING]).rows("comparisons")
    assert len(rows) == 18
    assert all(not isinstance(value, float) or math.isfinite(value) for row in rows for value in row.values())
    assert rows[0]["high"] is None  # two blocks bound nothing
    lost = next(row for row in rows if (row["guest"], row["configuration"]) == FAILING)
    assert (lost["pairs"], lost["failed"], lost["ratio"]) == (0, 2, None)


def test_a_counter_called_like_a_column_does_not_hide_it() -> None:
    result = known_result(guests=["smp"], blocks=1)
    records = tuple(replace(record, counters={"load": 7.0}) for record in result.records)
    row = replace(result, records=records).rows()[0]
    assert (row["load"], row["counter load"]) == (0.4, 7.0)


def test_a_trial_measured_again_counts_once_with_its_last_record() -> None:
    result = known_result(["tcg", "tcg,thread=multi"], guests=["smp"], blocks=2)
    again = replace(result.records[0], cause="error", value=None, started=0.0)
    both = replace(result, records=(again, *result.records))
    assert len(latest(both.records)) == len(both.rows()) == 4
    assert both.failures == ()


def test_summaries_and_the_counters_that_explain_times() -> None:
    by_cell = summaries(known_result(blocks=4, failing=[FAILING]).records)
    failed = by_cell[Cell("7.2.22", *FAILING)]
    assert (failed.done, failed.failed, failed.best, failed.counters) == (0, 4, None, {})
    small = by_cell[Cell("7.2.22", "tb-thrash", "tcg,tb-size=8,thread=single")]
    assert (small.done, small.counters["tb-flushes"], small.counters["tbs"]) == (4, 6.0, 1201.5)
    assert telling_counters(by_cell, "7.2.22", "tb-thrash") == ("tb-flushes",)
    assert telling_counters(by_cell, "7.2.22", "smp") == ()  # a few more or less are no reason


def test_events_are_counted_by_the_slice_as_runs_may_end_early() -> None:
    """Of the code there is one amount, however many slices were done; events go on with each of them."""
    counted = {"tb-flushes": 3.0, "code-bytes": 1000.0, "tbs": 7.0}
    runs = {"whole": 100, "ended early": 3}
    records = [
        Record(
            Trial("7.2", "cpu", name, block, 0),
            "ok",
            value=1.0,
            slices=(1,) * slices,
            counters={**counted, "tb-flushes": 2.0 * slices},
        )
        for name, slices in runs.items()
        for block in range(3)
    ]
    for name in runs:
        summary = summaries(records)[Cell("7.2", "cpu", name)]
        assert summary.per == "slice"
        assert summary.counters == {**counted, "tb-flushes": 2.0}
        assert [summary.label(key) for key in counted] == ["tb-flushes a slice", "code-bytes", "tbs"]
    whole = [Record(Trial("7.2", "linux", "x", 0, 0), "ok", value=1.0, counters=counted)]
    (summary,) = summaries(whole).values()
    assert (summary.per, summary.counters, summary.label("tb-flushes")) == ("run", counted, "tb-flushes")

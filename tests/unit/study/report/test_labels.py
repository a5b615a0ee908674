"""Names as a report draws them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from support.known_result import known_result

from accelkit.errors import visible_line
from accelkit.study.model import Configuration, stored_configuration
from accelkit.study.report.labels import MOST_NAME, MOST_REASON, MOST_UNIT, full_name, labels, with_labels
from accelkit.study.result import Result


@given(st.lists(st.text(st.sampled_from("ab\x1b…\\ ()2"), max_size=30), unique=True, max_size=12))
def test_labels_are_short_visible_and_distinct(names: list[str]) -> None:
    drawn = labels(names, 12)
    assert list(drawn) == names
    assert len(set(drawn.values())) == len(names)
    for name, text in drawn.items():
        assert len(text) <= 12
        assert visible_line(text) == text
        assert text == name or len(name) > 12 or visible_line(name) != name
    assert labels(drawn.values(), 12) == {text: text for text in drawn.values()}


def test_ten_thousand_names_with_the_same_ends_are_numbered() -> None:
    names = [f"{'a' * 100}{number:05}{'b' * 100}" for number in range(10_000)]
    assert len(set(labels(names).values())) == 10_000


def test_a_result_that_can_be_drawn_is_itself() -> None:
    result = known_result(blocks=2)
    assert with_labels(result) is result


def long_result() -> Result:
    result = known_result(["tcg", "tcg,thread=multi"], guests=("smp",), blocks=2)
    point = stored_configuration("x" * 500, ("-accel", "tcg,x-new=" + "y" * 500))
    plan = replace(result.plan, configurations=[result.plan.configurations[0], point])
    records = [
        replace(
            record,
            trial=record.trial if record.trial.configuration == "tcg" else replace(record.trial, configuration=point.name),
            unit="u" * 500,
            why="w" * 5000,
            counters={"c" * 500: 1.0},
        )
        for record in result.records
    ]  # fmt: skip
    return Result(plan, tuple(records), result.info, result.host)


def test_what_is_too_long_is_shortened_everywhere_and_nothing_else_changes() -> None:
    result = long_result()
    drawn = with_labels(result)
    assert with_labels(drawn) is drawn
    assert max(len(point.name) for point in drawn.plan.configurations) == MOST_NAME
    assert max(len(axis) for axis in drawn.plan.axes["x-new"].values) == MOST_NAME
    assert {len(record.unit) for record in drawn.records} == {MOST_UNIT}
    assert {len(record.why) for record in drawn.records} == {MOST_REASON}
    assert {len(name) for record in drawn.records for name in record.counters} == {MOST_NAME}
    assert [point.argv for point in drawn.plan.configurations] == [p.argv for p in result.plan.configurations]
    assert [row.ratio for row in drawn.comparisons] == [row.ratio for row in result.comparisons]


def test_a_name_in_full_is_for_names_that_are_not_drawn_so() -> None:
    short, long = long_result().plan.configurations
    assert full_name(short) == ""
    assert full_name(long) == "tcg,x-new=" + "y" * 500
    assert full_name(Configuration(None, "unreadable", ())) == ""


def test_a_chart_takes_names_and_values_as_the_study_has_them() -> None:
    result = long_result()
    chart = result.plot("x-new", guest="smp", build=result.plan.builds[0].name)
    assert "y" * 50 in chart.says
    assert "y" * MOST_NAME not in chart.says

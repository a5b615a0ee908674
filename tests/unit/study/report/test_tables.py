"""What a report shows of many configurations, what it folds, and that every count is right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import pytest
from support.known_result import known_result, sweep
from support.simulate import records_of

from accelkit.document import Folded, Paragraph, Table
from accelkit.document.model import words_of
from accelkit.study.drops import Drops
from accelkit.study.report import report, tables
from accelkit.study.report.names import row_names
from accelkit.study.report.tables import best_shown, build_tables, fold, shown, verdict_cells
from accelkit.study.result import Result

MANY = sweep(sizes=range(1, 26))  # 51 with the baseline


@cache
def many() -> Result:
    return known_result(MANY, ["smp", "tb-thrash"], blocks=12, failing=[("smp", MANY[7]), ("smp", MANY[9])])


def parts(result: Result) -> tuple[Table, list[Folded]]:
    first, *rest = tables.tables(result)
    assert isinstance(first, Table)
    return first, [block for block in rest if isinstance(block, Folded)]


def names_of(table: Table, column: int = 0) -> list[str]:
    """The names in a column, as they are drawn."""
    return ["".join(words_of(row[column])) for row in table.rows]


def test_a_study_of_few_is_shown_whole_in_the_order_of_the_plan() -> None:
    result = known_result(sweep(sizes=range(1, 11)), ["smp"], blocks=3)
    table, folded = parts(result)
    assert len(table.rows) == 21
    assert folded == []
    assert names_of(table) == list(row_names(result.plan).values())


def test_of_many_the_baseline_the_winner_and_the_fastest_are_shown() -> None:
    table, (folded,) = parts(many())
    assert len(table.rows) == 2 * 21
    best = many().best("smp").name
    names = row_names(many().plan)
    assert names_of(table)[:2] == ["tcg", names[best]]
    assert str(table.rows[1][3]).startswith("[0.58")
    assert 1 in table.strong
    assert names_of(table).count("tcg") == 2
    assert [titles[0] for titles in table.groups.values()] == [
        "smp on QEMU 7.2.22, 12 blocks", "tb-thrash on QEMU 7.2.22, 12 blocks",
    ]  # fmt: skip
    (rest, *_) = folded.blocks
    assert isinstance(rest, Table)
    assert len(rest.rows) == 2 * 30
    said = [*names_of(table), *names_of(rest, 1)]
    assert sorted(said) == sorted(2 * list(names.values()))


def test_those_that_failed_come_last() -> None:
    names, others = shown(many(), "7.2.22", "smp")
    assert len(names) == 21
    assert set(others[-2:]) == {MANY[7], MANY[9]}


def test_ratios_of_what_is_shown_are_not_above_those_of_what_is_not() -> None:
    ratios = {row.configuration: row.ratio for row in many().comparisons if row.guest == "tb-thrash"}
    names, others = shown(many(), "7.2.22", "tb-thrash")
    assert max(ratios[name] for name in names if name != "tcg") <= min(ratios[name] for name in others)


def test_text_and_markdown_say_how_many_more_there_are_and_how_to_see_them() -> None:
    for text in (str(many()), many().markdown().replace("`", "")):
        assert '60 more rows not shown here. To see all: result.frame("comparisons") in Python' in text
        assert "accelkit report STORE --export trials.csv" in text


def test_a_page_folds_the_rest() -> None:
    page = report.fragment(many())
    assert "<details><summary>60 other rows</summary>" in page
    assert page.count("<details>") == page.count("</details>")
    assert all(f"<code>{name}</code>" in page for name in row_names(many().plan).values())


@pytest.mark.parametrize("most", [10, 7])
def test_beyond_a_limit_a_page_says_how_many_rows_are_elsewhere(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MOST_FOLDED", most)
    _, (folded,) = parts(many())
    rest, note = folded.blocks
    on_page = most // 2 * 2  # as many of each guest
    assert isinstance(rest, Table)
    assert isinstance(note, Paragraph)
    assert len(rest.rows) == on_page
    assert folded.summary == (f"60 other rows, of which the next {on_page} are on this page",)
    assert note.words[0] == f"{60 - on_page} more are not on this page. "


def test_of_many_builds_what_is_shown_is_what_the_table_shows() -> None:
    result = known_result(MANY, ["smp"], builds={"7.2.22": 1.0, "11.1.0": 1.3}, blocks=2)
    table, folded = build_tables(result)
    assert isinstance(table, Table)
    assert isinstance(folded, Folded)
    names = row_names(result.plan)
    assert set(names_of(table, 1)) == {names[name] for name in shown(result, "11.1.0", "smp")[0]}
    assert (len(table.rows), folded.summary) == (21, ("30 other rows",))


def test_one_row_is_not_rows() -> None:
    (folded,) = fold(1, "row", Table(("",), (("a",),)), ("See it.",))
    assert isinstance(folded, Folded)
    assert (folded.summary, folded.instead) == (("1 other row",), ("1 more row not shown here. ", "See it."))


def test_many_failures_of_one_kind_are_one_paragraph_with_their_count() -> None:
    result = known_result(MANY, ["smp"], blocks=2, failing=[("smp", name) for name in MANY[1:31]])
    text = str(result)
    assert text.count("refused, 2 of 2 trials") == 1
    assert re.search(r"\n(tcg,\S+ ){5}and 25 more on smp: refused, 2 of 2 trials", text)


def test_many_kinds_of_failures_are_folded() -> None:
    result = known_result(MANY, ["smp"], blocks=1, failing=[("smp", name) for name in MANY[1:41]])
    records = tuple(replace(record, why=record.trial.configuration) for record in result.records)
    result = replace(result, records=records)
    assert "20 more reasons not shown here. The store's view failures has all." in str(result)
    page = report.fragment(result)
    assert "<summary>20 other reasons</summary>" in page
    assert all(f"refused, 1 of 1 trial: {name}" in page for name in MANY[1:41])


def simulated(one: Sequence[float], other: Sequence[float | None]) -> Result:
    """Two configurations with these values in their blocks."""
    records = records_of({"tcg": one, "tcg,thread=multi": other}, build="7.2.22")
    return replace(known_result(["tcg", "tcg,thread=multi"], ["cpu"], blocks=1), records=tuple(records))


def verdict_of(result: Result) -> str:
    (row,) = result.comparisons
    words, *_ = verdict_cells(result, row, row.cell)
    return words


def test_a_ratio_far_from_1_is_never_a_bare_undecided() -> None:
    """A quarter of the runs failed, so that the others are no fair sample; what they say is still said."""
    result = simulated([100.0 + k for k in range(16)], [None if k % 4 == 3 else 3.0 for k in range(16)])
    (row,) = result.comparisons
    assert (row.verdict, row.high < 0.1) == ("undecided", True)
    assert verdict_of(result) == "? faster so far, 4 failed"
    assert verdict_of(simulated([3.0] * 16, [None if k % 4 == 3 else 99.0 for k in range(16)])) == (
        "? slower so far, 4 failed"
    )


def test_what_was_dropped_early_is_not_undecided_and_asks_for_no_blocks() -> None:
    result = simulated([1.0, 1.1, 0.9, 1.05] * 3, [1.02, 1.12, 0.9, 1.2] * 3)
    (row,) = result.comparisons
    assert row.verdict == "undecided"
    assert verdict_of(result) == "? undecided"
    assert "would decide" in str(result) or "No number" in str(result)
    dropped = replace(result, drops=Drops({row.cell: ((12, 8),)}))
    assert verdict_of(dropped) == "– measured rarely"
    text = str(dropped)
    assert "undecided" not in text.partition("Cautions")[0].lower()
    assert "would decide" not in text


def test_the_ratios_beside_the_typical_one_stand_in_the_page_and_where_there_is_room() -> None:
    result = known_result(["tcg", "tcg,thread=multi"], ["smp"])
    table, _ = parts(result)
    assert table.head == (
        "configuration", "verdict", "time", "95% interval", "undisturbed", "mean", "CPU", "fastest",
    )  # fmt: skip
    assert set(table.notes) == set(range(8))
    assert table.spare[:3] == ((7,), (), (4, 5, 6))


def test_blocks_have_a_column_where_they_differ() -> None:
    table, _ = parts(
        known_result(["tcg", "tcg,thread=multi"], ["smp"], failing=[("smp", "tcg,thread=multi")])
    )
    assert table.head[4] == "blocks"
    assert [row[4] for row in table.rows] == ["20", "0"]


def test_of_many_a_picture_has_the_baseline_the_pick_and_the_fastest() -> None:
    names = best_shown(many(), "7.2.22", "smp", 5)
    assert len(names) == 5
    assert {"tcg", many().best("smp").name} <= set(names)
    assert best_shown(many(), "7.2.22", "smp", None) == list(shown(many(), "7.2.22", "smp")[0])
    few = known_result(["tcg", "tcg,thread=multi"], ["smp"])
    assert best_shown(few, "7.2.22", "smp", 5) == ["tcg", "tcg,thread=multi"]

"""No two statements of a report contradict each other: headline, table, details and advice of results of all kinds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.any_result import any_result

from accelkit.document import (
    Block,
    Bullets,
    Folded,
    Heading,
    Inline,
    Mono,
    Paragraph,
    Table,
    TableCell,
    to_text,
)
from accelkit.study.report import report
from accelkit.study.report.answers import SURE, Answer, answers
from accelkit.study.report.details import details
from accelkit.study.report.headline import headline
from accelkit.study.report.names import row_names, short_version
from accelkit.study.report.tables import tables, where
from accelkit.study.result import Result


class Row(NamedTuple):
    """A row of the table as a reader sees it."""

    place: str  # the title of its group
    name: str
    verdict: str
    time: str
    interval: str
    strong: bool


def plain(cell: str | TableCell) -> str:
    return "".join(cell.words) if isinstance(cell, TableCell) else cell


def rows_of(result: Result) -> list[Row]:
    table = next(iter(tables(result)))
    assert isinstance(table, Table)
    rows: list[Row] = []
    place = ""
    for number, cells in enumerate(table.rows):
        place = "".join(table.groups[number]).rpartition(",")[0] if number in table.groups else place
        rows.append(Row(place, *map(plain, cells[:4]), number in table.strong))
    return rows


def place_of(answer: Answer) -> str:
    return f"{answer.guest} on {short_version(answer.build)}"


def folded(blocks: list[Block], title: str) -> list[Inline]:
    """The sentences of the details with that title."""
    lines: list[Inline] = []
    for block in blocks:
        if isinstance(block, Folded) and "".join(block.summary).startswith(title):
            for part in block.blocks:
                lines += part.items if isinstance(part, Bullets) else ()
                lines += [part.words] if isinstance(part, Paragraph) else []
    return lines


def named(lines: list[Inline]) -> set[tuple[str, str]]:
    """The places and configurations that sentences such as `a, b on guest: …` are about."""
    cells: set[tuple[str, str]] = set()
    for words in lines:
        said = "".join(word for word in words if not isinstance(word, Mono))
        if found := re.search(r" on ([^:]+):", said):
            cells |= {(found[1], str(word)) for word in words if isinstance(word, Mono)}
    return cells


def sentences(blocks: list[Block]) -> Iterator[Inline]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.words
        elif isinstance(block, Bullets):
            yield from block.items


def holds(result: Result) -> None:
    """Every statement of the report against every other that is about the same."""
    found, rows, first, below = (
        answers(result),
        rows_of(result),
        list(headline(result)),
        list(details(result)),
    )
    names = row_names(result.plan)
    text = "\n".join("".join(words) for words in sentences(first))
    cells = {(row.place, row.name): row for row in rows}

    # The headline and the bold row name the same, which the table says is faster, or that nothing is.
    for answer in found:
        here = [row for row in rows if row.place == place_of(answer)]
        strong = [row.name for row in here if row.strong]
        assert strong == (
            [names[answer.choice]] if answer.kind in ("change", "replace", "keep", "only") else []
        )
        best = result.pick(answer.guest, answer.build.name)
        if answer.kind == "change":
            assert f"eploy {answer.choice}" in text
            assert best.decided
            assert "▼ faster" in cells[place_of(answer), names[answer.choice]].verdict
        if answer.kind == "replace":
            assert f"eploy {answer.choice}" in text
            assert re.search(r"baseline tcg fails too often", text)
        if answer.kind in ("keep", "only"):
            assert f"eep {result.plan.baseline}" in text
            assert not [row for row in here if row.verdict.startswith("▼")]
        if answer.kind == "either":
            for name in (answer.choice, *answer.rivals):
                assert "▼ faster" in cells[place_of(answer), names[name]].verdict
        if answer.kind == "open":
            assert not best.decided
            assert "ot known yet" in text
        if answer.kind == "nothing":
            assert not [row for row in here if row.verdict[0] in "▼▲="]
        if answer.kind in ("open", "either") and answer.cost:
            assert answer.cost.blocks >= answer.blocks
            assert f"With {answer.cost.blocks} blocks" in text
        for name in answer.equals:
            assert answer.kind == "replace" or "slower" not in cells[place_of(answer), names[name]].verdict
    sure = any(answer.kind in SURE for answer in found)
    if result.comparisons:
        (strong_words, *_) = [
            "".join(block.words) for block in first if isinstance(block, Paragraph) and block.strong
        ]
        assert ("95% sure" in strong_words) == sure

    # A verdict in the table is what its numbers say.
    for row in rows:
        ends = (
            [float(end.replace("∞", "inf")) for end in row.interval.strip("[]").split(", ")]
            if row.interval
            else []
        )
        if row.verdict.startswith("▼"):
            assert ends[1] <= 1
        elif row.verdict.startswith("▲"):
            assert ends[0] >= 1
        elif row.verdict.startswith("? undecided") and ends:
            assert ends[0] <= 1 <= ends[1], row
        elif "so far" in row.verdict:
            assert ends[1] <= 1 or ends[0] >= 1

    # Every row without a verdict has its reason below, and nothing else has.
    def short(place: str) -> str:
        guest, _, version = place.partition(" on QEMU ")
        return where(result, version, guest)

    undecided = {(short(row.place), row.name) for row in rows if row.verdict.startswith("?")}
    beside = " beside "
    said = {cell for cell in named(folded(below, "Undecided")) if beside not in cell[0]}
    assert said <= undecided
    assert said == undecided or "more reasons not shown" in to_text(below)
    doubted = {(short(row.place), row.name) for row in rows if " *" in row.verdict}
    assert doubted <= named(folded(below, "Doubts")) or "more doubts not shown" in to_text(below)
    dropped = {(where(result, cell.build, cell.guest), names[cell.configuration]) for cell in result.dropped}
    assert named(folded(below, "Measured rarely")) == dropped
    assert {(short(row.place), row.name) for row in rows if "measured rarely" in row.verdict} <= dropped
    settled = [words for words in folded(below, "Undecided") if "does not depend" in "".join(words)]
    assert not settled or all(result.pick(answer.guest, answer.build.name).decided for answer in found)
    failures = [
        block
        for block in below
        if isinstance(block, Folded) and "".join(block.summary).startswith("Failures")
    ]
    assert bool(failures) == bool(result.failures)

    # A guest is told to need a larger cache only where the times show it.
    for words in re.findall(
        r"(?:cliff on|^On) (guest\d).*?: (\d+) MiB takes .*? as long as (\d+)", str(result), re.MULTILINE
    ):
        guest, slow, fast = words
        assert any(
            float(slower.interval.strip("[]").split(", ")[0]) > float(faster.interval.strip("[]").split(", ")[1])
            for slower in rows for faster in rows
            if guest in slower.place and slower.place == faster.place
            and f"tb-size={slow}" in slower.name and f"tb-size={fast}" in faster.name
            and slower.interval and faster.interval
        )  # fmt: skip


@pytest.mark.parametrize("seed", range(30))
def test_no_two_statements_of_a_report_contradict_each_other(seed: int) -> None:
    holds(any_result(seed))


@given(st.integers(0, 2**32 - 1))
def test_they_do_not_for_any_seed(seed: int) -> None:
    holds(any_result(seed))


@pytest.mark.parametrize("seed", range(8))
def test_every_form_has_the_answer_first_and_fits(seed: int) -> None:
    result = any_result(seed)
    text, page, mark = str(result), report.answer_fragment(result), result.markdown()
    (first, *_) = [block for block in headline(result) if not isinstance(block, Heading)]
    assert isinstance(first, Paragraph)
    words = "".join(first.words)
    assert text.startswith(words)
    assert page.startswith("<p><strong>")
    assert words.split()[0] in mark.splitlines()[2]
    assert max(len(line) for line in text.splitlines() if line.startswith(("guest", "  t", "---"))) <= 80
    assert max(map(len, report.text(result, 60).splitlines())) <= 100  # a long name may be broken nowhere

"""The folded parts: why something is undecided, doubts, what was dropped, cautions, failures."""

from __future__ import annotations

from dataclasses import replace

from support.known_result import FAILING, known_result

from accelkit.document import Folded, to_text
from accelkit.study.drops import Drops
from accelkit.study.model import Cell
from accelkit.study.report.details import details
from accelkit.study.result import Result

POINTS = ["tcg", "tcg,split-wx=on"]


def titles(result: Result) -> list[str]:
    return ["".join(block.summary) for block in details(result) if isinstance(block, Folded)]


def test_all_of_them_are_folded() -> None:
    result = known_result(failing=[FAILING])
    assert all(isinstance(block, Folded) for block in details(result))
    assert titles(result) == ["Cautions: failures", "Failures: 20 of 420 trials"]


def test_undecided_says_why_and_leaves_the_cost_to_the_headline() -> None:
    result = known_result(POINTS, ["cpu"], noise=0.02, blocks=8)
    (row,) = result.comparisons
    text = to_text(details(result))
    assert f"- split-wx=on on cpu: {row.why}.\n" in text
    assert "would decide" not in text
    assert str(result).count("would decide") == 1
    assert "does not depend" not in text


def test_what_does_not_change_the_choice_says_so() -> None:
    """Between no difference and slower: whatever it is, the baseline is kept."""
    result = known_result(["tcg", "tcg,thread=multi", "tcg,split-wx=on"], ["smp"])
    records = tuple(
        replace(record, value=(record.value or 0) * (1.05 if record.trial.block % 2 else 0.99))
        if "split" in record.trial.configuration else record
        for record in result.records
    )  # fmt: skip
    result = replace(result, records=records)
    assert [row.verdict for row in result.comparisons] == ["faster", "undecided"]
    assert result.pick("smp").decided
    text = to_text(details(result))
    assert "What to deploy does not depend on these." in text
    (row,) = [row for row in result.comparisons if row.verdict == "undecided"]
    assert (f"With {row.blocks_to_decide} blocks" in text) == (row.blocks_to_decide is not None)


def test_what_was_dropped_is_told_once_and_asks_for_no_blocks() -> None:
    result = known_result(POINTS, ["cpu"], noise=0.02, blocks=8)
    dropped = replace(result, drops=Drops({Cell("7.2.22", "cpu", "tcg,split-wx=on"): ((5, 8),)}))
    assert titles(dropped)[0] == "Measured rarely: 1 configuration"
    text = to_text(details(dropped))
    assert (
        "- split-wx=on on cpu: in one of 8 blocks since block 6, as slower than others or always failing"
        in text
    )
    assert "Undecided" not in text
    assert "would decide" not in text


def test_what_an_earlier_format_dropped_for_good_is_measured_no_more() -> None:
    result = known_result(POINTS, ["cpu"], noise=0.02, blocks=8)
    gone = Drops({Cell("7.2.22", "cpu", "tcg,split-wx=on"): ((5, 1_000_000),)})
    text = to_text(details(replace(result, drops=gone)))
    assert "- split-wx=on on cpu: no more since block 6, as slower than others or always failing" in text

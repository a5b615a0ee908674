"""Reports as text and Markdown: golden files, failures, cautions."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from support.golden import compare_with_golden
from support.known_result import FAILING, REFUSED, known_result

from accelkit.study.model import Damage
from accelkit.study.report import report
from accelkit.study.result import Result


@cache
def golden_result() -> Result:
    return known_result(failing=[FAILING])


def test_markdown_is_that_of_the_golden_file() -> None:
    compare_with_golden("report.md", golden_result().markdown())


def test_text_is_that_of_the_golden_file() -> None:
    compare_with_golden("report.txt", f"{golden_result()}\n")


def test_failures_have_what_qemu_printed() -> None:
    result = golden_result()
    text = str(result)
    assert (
        "tcg,tb-size=32,thread=multi on smplock: refused, 20 of 20 trials: it does not take the options"
        in text
    )
    assert REFUSED in text
    assert "× failed, 20 of 20" in text
    assert len(result.failures) == 20


def test_of_a_long_output_the_end_is_shown() -> None:
    result = golden_result()
    records = tuple(replace(record, stderr="\n".join(map(str, range(100)))) for record in result.records)
    text = str(replace(result, records=records))
    assert "… 88 lines before" in text
    assert "    99" in text
    assert "    87\n" not in text


def test_cautions_come_with_remedies() -> None:
    text = str(known_result(["tcg", "tcg,thread=multi"], ["smp"], blocks=3))
    assert (
        "too few blocks: 3 blocks may leave a difference of a few percent undecided. To do: run at least 20"
        in text
    )


def test_a_verdict_with_a_doubt_says_it_below_the_tables() -> None:
    result = known_result(["tcg", "tcg,thread=multi"], ["smp"])
    lost = next(record for record in result.records if record.trial.configuration == "tcg,thread=multi")
    records = tuple(
        replace(record, cause="crashed", value=None) if record is lost else record
        for record in result.records
    )
    text = str(replace(result, records=records))
    assert (
        "Doubts: 1\n---------\n\n"
        "- thread=multi on smp: 1 of 20 trials of tcg,thread=multi failed (crashed 1)\n"
    ) in text
    assert "Doubts" not in str(result)


def test_a_terminal_gets_lines_that_fit_it() -> None:
    for columns in (80, 120):
        lines = report.text(golden_result(), columns).splitlines()
        assert (
            max(len(line) for line in lines if not line.startswith("    ")) <= columns
        )  # but for QEMU's own
    wide = report.text(golden_result(), 160)
    assert "undisturbed" in wide
    assert "undisturbed" not in report.text(golden_result(), 80)


def test_a_page_folds_the_details_and_shows_the_answer() -> None:
    page = report.answer_fragment(golden_result()) + report.body_fragment(golden_result())
    before, _, after = page.partition("<details>")
    assert page.startswith("<p><strong>Deploy <code>tcg,tb-size=8,thread=multi</code> for smp")
    assert "Failures" not in before
    assert "<summary>Failures: 20 of 420 trials</summary>" in after
    assert "<summary>Cautions: failures</summary>" in after


def test_damage_is_said_right_below_the_answer() -> None:
    result = replace(
        golden_result(), damage=(Damage("trial 3", "its checksum is another"), Damage("trial 4", "too"))
    )
    first, second, *_ = [part for part in str(result).split("\n\n") if not part.startswith("- ")]
    assert first.startswith("Deploy")
    assert "If all 3 guests" in second
    assert (
        "The store is damaged; damaged trials are left out (trial 3: its checksum is another, and 1 more)"
        in str(result)
    )

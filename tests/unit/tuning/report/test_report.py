"""The report of a tuning: golden files, what comes first, and what is told of the search."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from support.golden import compare_with_golden
from support.tuned import tuned

from accelkit.errors import StudyError
from accelkit.tuning.report import report


def test_the_texts_are_those_of_the_golden_file() -> None:
    kinds = ("two guests", "time and memory", "keep")
    text = "\n\n\n".join(f"# {kind}\n\n{report.text(tuned(kind), 100)}" for kind in kinds)
    compare_with_golden("report-tuning.txt", f"{text}\n")


def test_markdown_has_the_answer_the_tables_and_what_was_asked_for() -> None:
    text = tuned().markdown()
    assert text.startswith("## Tuning of ")
    for part in (
        "What one setting for all costs each guest",
        "What the search tried",
        "How this was measured",
        "500 trials",
    ):
        assert part in text
    assert text.index("**") < text.index("The confirming study")


def test_the_front_is_told_where_there_are_several_goals() -> None:
    assert "The front: " in report.text(tuned("time and memory"))
    assert "The front: " not in report.text(tuned())


def test_what_cannot_be_used_says_why() -> None:
    text = report.text(tuned())
    assert re.search(
        r"Cannot be used: \d points?\n-+\n\n- tcg.*tb-size=2048,thread=single.*: crashed: out of memory", text
    )


def test_a_page_has_the_answer_before_everything_else_and_loads_nothing() -> None:
    page = report.answer_fragment(tuned()) + report.body_fragment(tuned())
    before, _, after = page.partition("<details>")
    assert page.startswith("<p><strong>")
    assert "Effects" not in before
    assert "<summary>Effects: what each property does, by the trials of the search</summary>" in after


def test_names_are_shown_and_never_obeyed() -> None:
    """A name from a store may hold anything: a page quotes it, a terminal gets it visible."""
    base = tuned()
    point = replace(base.search.tried[0], dropped="<script>alert(1)</script>\x1b[2J")
    search = replace(base.search, unusable={"<b>x</b>": point.dropped})
    html = report.body_fragment(replace(base, search=search))
    assert "<script>" not in html
    assert "\x1b" not in html + report.text(replace(base, search=search))


def test_it_is_saved_by_its_ending(tmp_path) -> None:
    tuned().save(tmp_path / "t.md")
    assert (tmp_path / "t.md").read_text().startswith("## Tuning of ")
    with pytest.raises(StudyError, match=r"is written as \.html or \.md"):
        tuned().save(tmp_path / "t.pdf")


def test_a_notebook_shows_the_report_and_a_shell_its_text() -> None:
    bundle = tuned()._repr_mimebundle_()
    assert bundle["text/plain"] == report.text(tuned())
    assert "What the search found" in bundle["text/html"]

"""The report of a comparison as text, Markdown and HTML, against golden files; and hostile names."""

from __future__ import annotations

import re
from pathlib import Path

from support.golden import compare_with_golden
from support.stores import study_store
from support.two_stores import known_comparison

from accelkit.study.across import compare_report
from accelkit.study.across.compare import compare_stores


def test_the_report_is_that_of_the_golden_files(tmp_path: Path) -> None:
    found = known_comparison(tmp_path)
    compare_with_golden("compare.txt", compare_report.text(found) + "\n")
    compare_with_golden("compare.md", compare_report.markdown(found))
    page = compare_report.html(found)
    compare_with_golden(
        "compare.html", re.sub(r"<figure.*?</figure>", "<figure></figure>", page, flags=re.DOTALL)
    )
    assert page.index("From qemu-7.2.sqlite to qemu-11.1.sqlite") < page.index("<svg") < page.index("<table")
    assert "<b>*smp*" not in page
    assert "<script" not in page


def test_a_terminal_has_lines_that_fit(tmp_path: Path) -> None:
    lines = compare_report.text(known_comparison(tmp_path), 80).splitlines()
    assert max(map(len, lines)) <= 80


def test_a_relative_comparison_says_so_and_what_the_time_says(tmp_path: Path) -> None:
    one = study_store(tmp_path / "a.sqlite")
    two = study_store(tmp_path / "b.sqlite", {"tcg": 1.1, "tcg,thread=single": 1.2}, seed=2)
    text = str(compare_stores(one, two, relative=True))
    assert "in proportion to the control, of 1 comparison: 1 faster; 95% sure" in text
    assert "by its time no difference" in text
    assert "tcg on cpu is" not in text


def test_of_many_only_some_are_named(tmp_path: Path) -> None:
    names = {"tcg": 1.0, **{f"tcg,tb-size={2**size}": 1.0 for size in range(8)}}
    one = study_store(tmp_path / "a.sqlite", names)
    two = study_store(tmp_path / "b.sqlite", names, seed=2, speed=1.2)
    assert "4 more are slower." in str(compare_stores(one, two))

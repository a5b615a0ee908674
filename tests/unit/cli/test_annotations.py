"""GitHub's annotations are one line each, whatever the text; a summary is appended where a workflow runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit.cli.annotations import annotation, append_summary


@given(st.text(), st.text(), st.text())
def test_an_annotation_is_one_line_whose_parts_can_be_told_apart(title: str, message: str, file: str) -> None:
    line = annotation("warning", title, message, {"file": file, "line": 3})
    assert len(line.splitlines()) == 1
    head, rest = line.removeprefix("::warning file=").split(",line=3,title=", 1)
    assert not {",", ":"} & set(head)
    assert not {",", ":"} & set(rest.partition("::")[0])


def test_a_summary_is_appended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    assert not append_summary("# a")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "s.md"))
    assert append_summary("# a\n\n\n")
    assert append_summary("b")
    assert (tmp_path / "s.md").read_text() == "# a\n\nb\n\n"

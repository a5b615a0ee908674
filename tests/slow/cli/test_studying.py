"""``accelkit report`` writes its files, charts included, beside a store of any name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.known_result import known_result

from accelkit.cli import main
from accelkit.study.standards import Standards
from accelkit.study.store.writer import open_store


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store of two configurations and 9 blocks, with a delta of 5% and intervals valid at any time."""
    path = tmp_path / "s.html"  # a store may have any name
    result = known_result(["tcg", "tcg,thread=multi"], ["smp"], blocks=9)
    with open_store(path, result.plan, standards=Standards(0.05, anytime=True)) as opened:
        for record in result.records:
            opened.append(record)
    return path


def test_a_report_writes_the_named_files_and_leaves_the_store_alone(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = store.read_bytes()
    html, markdown, csv = (tmp_path / f"r.{suffix}" for suffix in ("html", "md", "csv"))
    status = main(["report", str(store), "--html", str(html), "--markdown", str(markdown),
                   "--export", str(csv)])  # fmt: skip
    assert status == 0
    assert capsys.readouterr().out == f"{html}\n{markdown}\n{csv}: 18 trials\n"
    assert set(os.listdir(tmp_path)) == {"s.html", "r.html", "r.md", "r.csv"}
    assert "<svg" in html.read_text("utf-8")
    assert store.read_bytes() == before

"""Stores of two real QEMUs are compared, those of one are merged: the whole way, from the study on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from support.processes import qemu
from support.releases import release

from accelkit import tb_size, tcg
from accelkit.errors import StudyError
from accelkit.study import compare_stores, merge, study, trend
from accelkit.study.result import Result
from accelkit.syntax.shell_words import shell_line

pytestmark = pytest.mark.qemu

SPACE = [tcg(), tcg() | tb_size(1)]


def measured(folder: Path, name: str, command: Sequence[str], blocks: int = 4) -> str:
    path = str(folder / name)
    study(
        SPACE,
        "mmio",
        qemu=shell_line(command),
        blocks=blocks,
        store=path,
        run_seconds=0.02,
        anyway=True,
        watch=False,
    )
    return path


def test_two_real_qemus_are_compared_and_those_of_one_merged(tmp_path: Path) -> None:
    old = measured(tmp_path, "qemu-7.2.sqlite", qemu("x86_64"))
    again = measured(tmp_path, "again.sqlite", qemu("x86_64"), blocks=3)
    new = measured(tmp_path, "qemu-11.1.sqlite", release("11.1").command)

    found = compare_stores(old, new)
    assert [change.configuration for change in found.changes] == ["tcg", "tcg,tb-size=1"]
    assert all(change.runs == (4, 4) and change.failed == (0, 0) for change in found.changes)
    assert found.differences[0].what == "QEMU"
    assert found.differences[0].new.startswith("11.1")
    assert "QEMU's content" in [difference.what for difference in found.differences]
    assert found.left_out == ()
    # MMIO under TCG takes about three times as long since QEMU 8: a difference that no busy host hides.
    assert all(change.time.ratio > 1.5 for change in found.changes)

    both = merge([old, again], tmp_path / "both.sqlite")
    assert (both.trials, both.blocks, len(both.sources)) == (14, 7, 2)
    assert Result.from_store(both.store).comparisons[0].pairs == 7
    with pytest.raises(
        StudyError, match=r"QEMU: 7\.2\.22.* what ran on different QEMUs has no block in common"
    ):
        merge([old, new], tmp_path / "no.sqlite")

    course = trend([new, old, again])
    assert [moment.label for moment in course.moments] == ["qemu-7.2", "again", "qemu-11.1"]
    assert len(course.series) == 2

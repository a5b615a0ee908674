"""The value of a comparison: its rows, and which changes count."""

from __future__ import annotations

import json
from pathlib import Path

from support.two_stores import known_comparison


def test_rows_have_the_same_keys_and_are_json(tmp_path: Path) -> None:
    rows = known_comparison(tmp_path).rows()
    assert len({tuple(row) for row in rows}) == 1
    json.dumps(rows, allow_nan=False)
    broken = [row for row in rows if row["fails"]]
    assert [(row["guest"], row["configuration"], row["new_failed"]) for row in broken] == [
        ("cpu", "tcg,tb-size=8", 13)
    ]


def test_what_differs_and_what_is_left_out_is_told(tmp_path: Path) -> None:
    found = known_comparison(tmp_path)
    assert [difference.what for difference in found.differences] == [
        "QEMU",
        "QEMU's content",
        "kernel",
    ]
    assert found.left_out == (
        "only qemu-7.2.sqlite has the configuration 'tcg,split-wx=on'", "only qemu-11.1.sqlite has the configuration 'kvm'",
    )  # fmt: skip
    assert found.cautions is found.cautions


def test_the_limit_is_that_of_the_low_end(tmp_path: Path) -> None:
    found = known_comparison(tmp_path)
    (change,) = found.slower()
    assert found.slower(change.time.low - 1 - 1e-9) == (change,)
    assert found.slower(change.time.low - 1 + 1e-9) == ()
    assert change in found.may_be_slower(change.time.low - 1 + 1e-9)
    assert found.may_be_slower(10) == ()

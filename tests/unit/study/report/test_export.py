from __future__ import annotations

import csv
import errno
import io
import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from accelkit.errors import StudyError
from accelkit.study.model import Record, Trial
from accelkit.study.report.export import COLUMNS, export, row, write_csv

GOOD = Record(
    Trial("7.2", "smp", "tcg,tb-size=8", 0, 1),
    "ok",
    value=2.5e6,
    slices=(3, 2),
    phases={"boot": 0.25},
    wall=0.5,
    max_rss=40_000,
    status=33,
    accelerator="tcg",
    counters={"flushes": 5.0},
    stderr='two "lines"\nof, words',
)
BAD = Record(Trial("7.2", "smp", "tcg", 1, 2), "timeout", why="not ended in time")
RECORDS = [GOOD, BAD]


def test_a_row_has_every_fact_of_a_record() -> None:
    assert list(row(GOOD)) == list(COLUMNS)
    facts = {name for kind in (Record, Trial) for name in kind.__slots__}
    assert facts - set(COLUMNS) == set()
    assert row(GOOD)["trial"] == GOOD.trial.id
    assert row(BAD)["value"] is None


def test_csv(tmp_path: Path) -> None:
    assert export(RECORDS, tmp_path / "x.csv") == 2
    with (tmp_path / "x.csv").open(newline="") as file:
        good, bad = csv.DictReader(file)
    assert good["configuration"] == "tcg,tb-size=8"
    assert good["stderr"] == GOOD.stderr
    assert json.loads(good["slices"]) == [3, 2]
    assert json.loads(good["counters"]) == {"flushes": 5.0}
    assert float(good["value"]) == 2.5e6
    assert (bad["value"], bad["cause"], bad["max_rss"]) == ("", "timeout", "")
    stream = io.StringIO()
    assert write_csv(RECORDS, stream) == 2
    assert stream.getvalue() == (tmp_path / "x.csv").read_text()


@pytest.mark.parametrize("ending", ["json", "jsonl", "ndjson", "JSON"])
def test_json_lines(tmp_path: Path, ending: str) -> None:
    assert export(iter(RECORDS), tmp_path / f"x.{ending}") == 2
    assert [json.loads(line) for line in (tmp_path / f"x.{ending}").read_text().splitlines()] == [
        row(GOOD),
        row(BAD),
    ]


@pytest.mark.parametrize("records", [RECORDS, [], [BAD]])
def test_parquet(tmp_path: Path, records: list[Record]) -> None:
    assert export(records, tmp_path / "x.parquet") == len(records)
    table = parquet.read_table(tmp_path / "x.parquet")
    assert table.column_names == list(COLUMNS)
    for was, record in zip(table.to_pylist(), records, strict=True):
        expected = row(record)
        assert json.loads(was.pop("counters")) == expected.pop("counters")
        assert json.loads(was.pop("phases")) == expected.pop("phases")
        assert was == expected
    kinds = {str(field.type).removeprefix("large_").split("<")[0] for field in table.schema}
    assert kinds == {"string", "int64", "double", "list"}


def test_parquet_is_written_in_batches(tmp_path: Path) -> None:
    many = (replace(GOOD, trial=replace(GOOD.trial, block=block)) for block in range(2500))
    assert export(many, tmp_path / "x.parquet") == 2500
    file = parquet.ParquetFile(tmp_path / "x.parquet")
    assert file.num_row_groups == 3
    assert file.read().column("block").to_pylist() == list(range(2500))


@pytest.mark.parametrize("ticks", [-1, 1 << 64])
def test_ticks_that_no_counter_has_are_refused_by_parquet_in_words(tmp_path: Path, ticks: int) -> None:
    with pytest.raises(StudyError, match=r"a number has no place in its column .*; give csv or json"):
        export([replace(RECORDS[0], slices=(ticks,))], tmp_path / "x.parquet")
    assert list(tmp_path.iterdir()) == []


def test_parquet_without_pyarrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(
        StudyError, match=r"needs pyarrow, which is not installed; pip install pyarrow, or give"
    ):
        export(RECORDS, tmp_path / "x.parquet")
    assert os.listdir(tmp_path) == []


def test_the_format_can_be_an_argument(tmp_path: Path) -> None:
    export(RECORDS, tmp_path / "x", format="json")
    assert len((tmp_path / "x").read_text().splitlines()) == 2
    with pytest.raises(StudyError, match=r"format='josn': no such format; did you mean 'json'\?"):
        export(RECORDS, tmp_path / "y", format="josn")
    with pytest.raises(StudyError, match=r"the ending '\.xls' does not say which format; give \.csv"):
        export(RECORDS, tmp_path / "x.xls")


def test_a_file_appears_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("old")

    def half():
        yield GOOD
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(half(), path)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["x.csv"]


def test_a_file_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"No such file or directory; give a place"):
        export(RECORDS, tmp_path / "no" / "x.csv")

    def full():
        yield GOOD
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(StudyError, match=r"No space left on device; give a place"):
        export(full(), tmp_path / "x.csv")


def test_a_device_is_written_as_it_is() -> None:
    assert export(RECORDS, "/dev/null", format="csv") == 2
    assert not os.path.isfile("/dev/null")

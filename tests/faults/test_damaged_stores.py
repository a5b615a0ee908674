"""Stores with wrong bits, of wrong length, with wrong rows: nothing changes silently, and nothing that is whole is lost."""

from __future__ import annotations

import json
import random
import re
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from support.cli import command
from support.fake_study import PLAN, fake

from accelkit.errors import StudyError
from accelkit.study.model import Record
from accelkit.study.result import Result
from accelkit.study.runner import run_blocks
from accelkit.study.store.repair import damage_of
from accelkit.study.store.writer import open_store

FLIPS = 1000
BLOCKS = 20
ENDINGS = ("", "-wal", "-shm", "-lock")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished store; copies of it lie in folders of their own, under the same name."""
    path = tmp_path_factory.mktemp("whole") / "s.sqlite"
    with open_store(path, PLAN) as store:
        list(run_blocks(PLAN, fake, store, blocks=BLOCKS))
    return path


def report_of(path: Path) -> tuple[str, bool]:
    """The report of the store, and whether it says that something is damaged."""
    result = Result.from_store(path)
    text = result.markdown().replace(str(path.parent), "")
    assert bool(result.damage) == text.count("The store is damaged; damaged trials are left out")
    assert bool(result.damage) == ("damaged store" in {caution.kind for caution in result.cautions})
    return text, bool(result.damage)


def outcome_of(path: Path) -> tuple[str, bool, str]:
    """:func:`report_of` the store, or the words of the error if there is none."""
    try:
        return *report_of(path), ""
    except StudyError as error:
        return "", False, str(error).removeprefix(f"store={str(path)!r}: ")


def flipped(data: bytes, chance: random.Random) -> bytes:
    """The bytes with one bit of one byte that is not 0 flipped."""
    place = chance.randrange(len(data))
    while not data[place]:
        place = chance.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]


def test_a_wrong_bit_never_changes_a_figure_silently(whole: Path, tmp_path: Path) -> None:
    data, (expected, _) = whole.read_bytes(), report_of(whole)
    chance, ends = random.Random(5), Counter[str]()
    path = tmp_path / whole.name
    for _ in range(FLIPS):
        path.write_bytes(flipped(data, chance))
        text, says_so, words = outcome_of(path)
        assert words or says_so or text == expected
        ends["an error" if words else "left out" if says_so else "the same"] += 1
        for ending in ENDINGS:
            Path(f"{path}{ending}").unlink(missing_ok=True)
    assert min(ends["an error"], ends["left out"], ends["the same"]) > FLIPS / 20, ends


def test_the_command_never_fails_without_words(whole: Path, tmp_path: Path) -> None:
    data, chance = whole.read_bytes(), random.Random(7)
    path = tmp_path / whole.name
    for _ in range(3):
        path.write_bytes(flipped(data, chance))
        for words in (["report"], ["store", "check"], ["store", "check", "--repair"]):
            ran = command(*words, str(path), start=(sys.executable, "-m", "accelkit"))
            assert ran.status in {0, 1, 2}
            assert "Traceback" not in ran.err
            assert ran.status != 2 or ran.err.startswith("accelkit: store=")


@pytest.mark.parametrize("size", [100, 4096, 5000, 20_000, 40_960])
def test_a_store_that_was_cut_short_says_so(whole: Path, tmp_path: Path, size: int) -> None:
    path = tmp_path / whole.name
    path.write_bytes(whole.read_bytes()[:size])
    if size < 4096:
        with pytest.raises(StudyError, match="is empty, no study has begun in it"):
            Result.from_store(path)
        return
    _, says_so, words = outcome_of(path)
    assert says_so or "accelkit store check --repair" in words
    assert damage_of(str(path))
    with pytest.raises(StudyError):
        open_store(path, PLAN)
    assert path.stat().st_size == size


def test_damaged_trials_are_measured_again(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / whole.name
    shutil.copy(whole, path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE trial SET value = value * 10 WHERE number IN (4, 40)")
        connection.execute("UPDATE trial SET unit = 's\x1b' WHERE number = 9")
        connection.execute("UPDATE trial SET slices = 'x' WHERE number = 10")
        connection.execute("UPDATE trial SET why = CAST(x'ff41' AS TEXT) WHERE number = 11")
    result = Result.from_store(path)
    assert [damage.where for damage in result.damage] == [f"trial {n}" for n in (4, 9, 10, 11, 40)]
    assert len(result.records) == len(PLAN.cells) * BLOCKS - 5
    with pytest.warns(UserWarning, match="moved 5 damaged rows"):
        store = open_store(path, PLAN)
    with store:
        assert len(list(run_blocks(PLAN, fake, store, blocks=BLOCKS))) == 5
    assert damage_of(str(path)) == ()
    figures = {record.trial.id: record.value for record in Result.from_store(path).records}
    assert figures == {record.trial.id: record.value for record in Result.from_store(whole).records}


@pytest.mark.parametrize("form", ["text", "markdown", "html", "json"])
def test_every_form_of_the_report_says_what_is_left_out(whole: Path, tmp_path: Path, form: str) -> None:
    path = tmp_path / whole.name
    shutil.copy(whole, path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE trial SET value = 1 WHERE number = 4")
    out = tmp_path / f"out.{ {'markdown': 'md'}.get(form, form) }"
    option = {"text": [], "json": ["--export", str(out)]}.get(form, [f"--{form}", str(out)])
    ran = command("report", str(path), *option, start=(sys.executable, "-m", "accelkit"))
    assert ran.status == 0
    assert (
        "damaged trials are left out (trial 4: its checksum does not match); accelkit store check" in ran.err
    )
    text = out.read_text() if option else ran.out
    if form == "json":
        assert len([json.loads(line) for line in text.splitlines()]) == len(PLAN.cells) * BLOCKS - 1
    else:
        assert "The store is damaged; damaged trials are left out (trial 4: its checksum" in text
        assert re.search(r"Cautions.*damaged store: the store is not as it was written", text, re.DOTALL)


@pytest.mark.parametrize("value", [float("inf"), float("nan"), 0.0, -1.0])
def test_a_value_that_is_no_result_is_a_failure_in_words(tmp_path: Path, value: float) -> None:
    path = tmp_path / "s.sqlite"

    def measure(trial):
        return Record(trial, "ok", value=value) if trial.position % 7 == 0 else fake(trial)

    with open_store(path, PLAN) as store:
        list(run_blocks(PLAN, measure, store, blocks=BLOCKS))
    result = Result.from_store(path)
    assert result.damage == ()
    assert {record.failure for record in result.failures} == {"no-value"}
    failing = next(caution for caution in result.cautions if caution.kind == "failures")
    assert "(no-value 9)" in failing.observation
    pairs = {row.configuration: (row.pairs, row.failed) for row in result.comparisons}
    assert all(failed for name, (_, failed) in pairs.items() if name != PLAN.baseline)


def test_a_field_of_a_gigabyte_does_not_fill_the_memory(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / whole.name
    shutil.copy(whole, path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE trial SET stderr = CAST(zeroblob(250000000) AS TEXT) WHERE number = 4")
    program = """
import sys
from accelkit.study.result import Result
result = Result.from_store(sys.argv[1])
# Not ru_maxrss, which begins with that of the process that started this one.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM:"))
print(result.damage[0].why, int(peak.split()[1]) // 1024, sep=";")
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True
    )
    why, peak = done.stdout.strip().split(";")
    assert why == "a field is too large to be read"
    assert int(peak) < 200


def test_a_log_with_wrong_bits_says_so(tmp_path: Path) -> None:
    path, copy = tmp_path / "s.sqlite", tmp_path / "copy.sqlite"
    with open_store(path, PLAN) as store:
        list(run_blocks(PLAN, fake, store, blocks=2))
        main, log = path.read_bytes(), Path(f"{path}-wal").read_bytes()
    planned = [trial for block in range(2) for trial in PLAN.block(block)]
    chance, ends = random.Random(3), Counter[str]()
    for _ in range(50):
        copy.write_bytes(main)
        Path(f"{copy}-wal").write_bytes(flipped(log, chance))
        for _ in range(2):  # reading it leaves it as it is
            _, says_so, words = outcome_of(copy)
            assert not words or "accelkit store check" in words
            if not words:
                records = Result.from_store(copy).records
                assert [record.trial for record in records] == planned[: len(records)]
                # What was stored last cannot be told from what was being written when the writer was killed.
                assert says_so or len(records) >= len(planned) - 1
            ends["an error" if words else "damage" if says_so else "the same"] += 1
        for ending in ENDINGS:
            Path(f"{copy}{ending}").unlink(missing_ok=True)
    assert ends["an error"]
    assert ends["damage"]


def test_a_study_goes_on_without_what_a_damaged_log_has_lost(tmp_path: Path) -> None:
    path, copy = tmp_path / "s.sqlite", tmp_path / "copy.sqlite"
    open_store(path, PLAN).close()
    with open_store(path, PLAN) as store:
        list(run_blocks(PLAN, fake, store, blocks=3))
        copy.write_bytes(path.read_bytes())
        log = bytearray(Path(f"{path}-wal").read_bytes())
    log[len(log) // 2] ^= 4
    Path(f"{copy}-wal").write_bytes(log)
    assert "transactions that were stored after it are lost" in Result.from_store(copy).damage[0].why
    assert "the log (-wal) is damaged" in damage_of(str(copy))[0].why
    with pytest.warns(UserWarning, match=r"the log \(-wal\) is damaged .*measured again"):
        store = open_store(copy, PLAN)
    with store:
        assert list(run_blocks(PLAN, fake, store, blocks=3))
    assert Result.from_store(copy).damage == ()
    assert len(Result.from_store(copy).records) == 3 * len(PLAN.cells)

"""``accelkit study`` and ``accelkit report``: what is refused before anything runs, and reports of a store."""

from __future__ import annotations

import csv
import os
import sys
from pathlib import Path

import pytest
from support.known_result import known_result
from support.tuned import tuned

from accelkit import each, kvm, notify_window, shadow_mem, tb_size, tcg
from accelkit.cli import main
from accelkit.errors import DomainError, StudyError
from accelkit.study.points import configurations_of
from accelkit.study.setup import prepare
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


def test_a_report_takes_delta_from_the_study_or_from_its_option(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(store)]) == 0
    assert "no difference of more than 5%" in capsys.readouterr().out
    assert main(["report", str(store), "--delta", "0.5%"]) == 0
    assert "no difference of more than 0.5%" in capsys.readouterr().out


@pytest.mark.parametrize("option", ["--html", "--markdown", "--export", "--optuna"])
def test_a_report_never_overwrites_the_store(
    option: str, store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = store.read_bytes()
    link = tmp_path / "link.html"
    link.symlink_to(store)
    for name in (store, link):
        assert main(["report", str(store), option, str(name)]) == 2
        assert f"{option} {name}: is the store itself; name another file" in capsys.readouterr().err
    assert store.read_bytes() == before
    assert set(os.listdir(tmp_path)) == {"s.html", "link.html"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["--delta", "5"],
            "argument --delta: got '5'; takes a share such as 0.02, or text such as '2%'; did you mean '5%'?",
        ),
        (["--confidence", "95"], "takes a share such as 0.02, or text such as '2%'; did you mean '95%'?"),
        (["--precision", "3"], "argument --precision: got '3'; takes a share"),
        (
            ["--time", "soon"],
            "argument --time: got 'soon'; takes seconds, or text such as '90s', '10m' or '2h'",
        ),
        (["--time", "0"], "argument --time: got '0'; takes seconds"),
        (["--blocks", "0"], "argument --blocks: got '0'; takes a whole number from 1 to 1000000"),
        (["--seed", "x"], "argument --seed: got 'x'; takes a whole number"),
    ],
)
def test_a_bad_budget_is_refused_by_the_name_of_its_option(
    words: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["study", "tcg", "--store", str(tmp_path / "s.sqlite"), "--qemu", "no-such", *words]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "message"),
    [("", "names no file"), (".", "is a folder"), ("none.sqlite", "no such file"), ("\0", "no such file")],
)
def test_a_path_that_is_not_a_store_is_refused(
    name: str,
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["report", name]) == 2
    assert f"store={name!r}: {message}; " in capsys.readouterr().err
    assert os.listdir(tmp_path) == []


def test_a_space_of_no_points_or_of_too_many_is_refused_at_once() -> None:
    space = tcg() | tb_size(each(1, 2))
    for points, message in (
        (space[:0], "space: has 0 points; give 1 to 100000"),
        ([], "space: has 0 points"),
        (kvm() | shadow_mem(each(*range(1 << 20, 2 << 20, 1 << 10))) | notify_window(each(*range(1000))),
         "space: has 1024000 points; give 1 to 100000, as by space.sample(100, seed=1)"),
    ):  # fmt: skip
        with pytest.raises(StudyError) as refusal:
            configurations_of(points, None)
        assert str(refusal.value).startswith(message)
    assert len(configurations_of(space, None)) == 2
    assert len(configurations_of(iter(space), None)) == 2
    assert len(configurations_of(tcg(), None)) == 1


@pytest.mark.parametrize("delta", [0, 1, -0.1, float("nan"), None, True])
def test_a_bad_delta_is_refused_before_anything_runs(delta: object) -> None:
    with pytest.raises(DomainError, match=r"^delta: got .*; takes a share between 0 and 1, as 0\.01 for 1%$"):
        prepare(tcg(), store="never.sqlite", qemu=sys.executable, delta=delta)


def test_the_report_of_a_tuning_is_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", tuned().store]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Use tcg,")
    assert "What one setting for all costs each guest" in out
    assert main(["report", "--best", tuned().store]) == 0
    assert capsys.readouterr().out == f"-accel {tuned().name}\n"
    assert main(["report", "--best", tuned().store, "--guest", "smp"]) in (0, 1)
    assert main(["report", tuned().store, "--delta", "2%"]) == 2
    assert "holds a tuning, whose finalists were chosen by its own standards" in capsys.readouterr().err


def test_all_trials_of_a_tuning_are_exported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "trials.csv"
    assert main(["report", tuned().store, "--export", str(file), "--markdown", str(tmp_path / "t.md")]) == 0
    trials = tuned().search.trials + tuned().search.confirming
    assert f"{file}: {trials} trials\n" in capsys.readouterr().out
    with file.open(newline="") as opened:
        assert len({row["trial"] for row in csv.DictReader(opened)}) == trials
    assert (tmp_path / "t.md").read_text().startswith("## Tuning of")


def test_optunas_format_is_for_tunings(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(store), "--optuna", str(tmp_path / "o.journal")]) == 2
    assert "holds a study, and Optuna's format is for tunings; take --export" in capsys.readouterr().err
    assert main(["report", tuned().store, "--optuna", tuned().store]) == 2
    assert "is the store itself" in capsys.readouterr().err

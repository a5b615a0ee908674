"""``accelkit tune``, without a QEMU; one that runs is in tests/qemu/tuning."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.tunings import BEST, SPACE, fake, flat

from accelkit.cli import main, tuning
from accelkit.cli.tuning import guests_of, print_tuned
from accelkit.errors import ArgvError
from accelkit.study.store.reader import read_store
from accelkit.tuning import PreparedTuning, prepare, tune


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the command asks for is simulated."""

    def prepared(*given: object, **options: object) -> PreparedTuning:
        return prepare(*given, **options, measure=fake)  # type: ignore[arg-type]

    monkeypatch.setattr(tuning, "prepare", prepared)


@pytest.mark.usefixtures("simulated")
def test_it_prints_what_to_run_and_the_same_command_resumes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(tmp_path / "tune.sqlite")
    words = [
        "tune",
        repr(SPACE),
        "--guest",
        "smp",
        "--guest",
        "cpu",
        "--weight",
        "smp=2",
        "--trials",
        "200",
        "--store",
        path,
    ]
    assert main(words) == 0
    out, err = capsys.readouterr()
    assert " ".join(out.split()).startswith(f"Use {BEST} with 2 × smp and cpu on QEMU simulated")
    assert f"\n    -accel {BEST}\n" in out
    assert err.startswith(f"{path}: at most 200 trials")
    assert main([*words, "--quiet"]) == 0
    again, err = capsys.readouterr()
    assert (again, err) == (out, "")
    with read_store(path) as stored:
        assert stored.info.command == ("accelkit", *words)


@pytest.mark.usefixtures("simulated")
def test_limits_and_goals_are_given_by_options(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(tmp_path / "tune.sqlite")
    limits = [
        "--max-rss",
        "64MiB",
        "--goal",
        "time=1",
        "--goal",
        "max_rss=0.2",
        "--for",
        "1h",
        "--trials",
        "100",
    ]
    main(["tune", repr(SPACE), *limits, "--store", path, "--quiet"])
    with read_store(path) as stored:
        asked = stored.search.tuning()
    assert asked is not None
    assert asked.terms.max_rss == 64 << 10
    assert asked.terms.goals == {"time": 1.0, "max_rss": 0.2}
    assert (asked.terms.trials, asked.terms.seconds) == (100, 3600.0)
    assert "took more than 64 MiB of memory" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--for", "soon"], "takes seconds, or text such as '90s'"),
        (["--trials", "0"], "takes a whole number from 1"),
        (["--weight", "smp"], "takes a guest and a number"),
        (["--max-rss", "much"], "max_rss: got 'much'"),
        (["--weight", "smp=2"], "--weight smp: is no guest of this tuning"),
        (
            ["--dask", "nowhere"],
            "argument --dask: got 'nowhere'; write the whole address, such as 'tcp://nowhere:8786'",
        ),
    ],
)
def test_wrong_words_are_told_without_a_traceback(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(["tune", "tcg,tb-size={8,64}", "--qemu", "/bin/true", *words]) == 2
    err = capsys.readouterr().err
    assert message in err
    assert "Traceback" not in err


def status(words: list[str]) -> int:
    try:
        return main(words)
    except SystemExit as end:
        return int(end.code or 0)


def test_weights_are_for_guests_of_the_tuning() -> None:
    assert guests_of(["smp"], ()) == ["smp"]
    with pytest.raises(ArgvError, match="--weight cpus: is no guest of this tuning; did you mean 'cpu'"):
        guests_of(["cpu", "smp"], [("cpus", 2.0)])


def test_what_is_undecided_is_printed_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    print_tuned(tune(SPACE, "smp", trials=60, store=tmp_path / "t.sqlite", measure=flat, watch=False))
    assert capsys.readouterr().out.startswith("Undecided with smp on QEMU simulated")


def test_reports_of_a_tuning(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(tmp_path / "tune.sqlite")
    best = tune(SPACE, "smp", trials=100, store=path, measure=fake, watch=False)
    assert main(["report", path]) == 0
    assert BEST in capsys.readouterr().out
    assert main(["report", path, "--best"]) == 0
    assert capsys.readouterr().out == f"-accel {BEST}\n"
    rows = str(tmp_path / "rows.csv")
    assert main(["report", path, "--export", rows]) == 0
    assert capsys.readouterr().out == f"{rows}: {best.search.trials + best.search.confirming} trials\n"
    assert main(["store", "check", path]) == 0
    assert capsys.readouterr().out == f"{path}: whole\n"

"""study(…, measure=): a function in place of QEMU; nothing is probed, calibrated or booted."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest

from accelkit import each, multi, single, tcg, thread
from accelkit.errors import AccelkitError, GuestError, StudyError
from accelkit.study import PreparedStudy, Record, Result, Trial, prepare, study
from accelkit.study.simulated import measure_of, simulated_builds, simulated_guests

SPACE = tcg() | thread(each(single, multi))


def half_as_long(trial: Trial) -> Record:
    """thread=multi takes half the time; noise of 3%."""
    noise = Random(trial.id).gauss(0, 0.03)
    base = 1.0 if "multi" in trial.configuration else 2.0
    return Record(trial, "ok", value=base * (1 + noise), unit="s")


def fails(trial: Trial) -> Record:
    """No record."""
    return Record(trial, "ok", value=1 / 0)


def a_study(folder: Path, **settings: Any) -> Result:
    arguments: dict[str, Any] = {"measure": half_as_long, "store": folder / "s.sqlite", "watch": False}
    return study(SPACE, ["any name", "smp"], **arguments | settings)


def test_a_function_measures_and_the_study_judges(tmp_path: Path) -> None:
    result = a_study(tmp_path, blocks=20)
    assert [record.unit for record in result.records] == ["s"] * 80
    assert result.best("any name").name == "tcg,thread=multi"
    assert "on a simulated QEMU" in str(result)


def test_its_report_says_so_and_names_no_command(tmp_path: Path) -> None:
    text = a_study(tmp_path, blocks=7).markdown()
    assert "A function has measured this, and no QEMU" in text
    assert "with blocks=7" in text
    assert "accelkit study" not in text


def test_nothing_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    result = a_study(tmp_path, blocks=8, qemu=["7.2", "11.1"])
    assert [build.name for build in result.plan.builds] == ["7.2", "11.1"]
    assert len(result.records) == 2 * 2 * 2 * 8


def test_what_it_raises_is_a_record(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="ZeroDivisionError"):
        a_study(tmp_path, blocks=7, measure=fails)
    assert {record.cause for record in Result.from_store(tmp_path / "s.sqlite").records} == {"error"}


def test_it_resumes_and_is_never_mixed_with_a_real_study(tmp_path: Path) -> None:
    a_study(tmp_path, blocks=7)
    assert len(a_study(tmp_path, blocks=8).records) == 2 * 2 * 8
    other = prepare(SPACE, ["any name", "smp"], qemu="7.2", store=tmp_path / "s.sqlite", measure=half_as_long)
    assert isinstance(other, PreparedStudy)
    with pytest.raises(StudyError, match="another study"):
        other.run()


def test_a_store_without_a_name_follows_from_the_study(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names = {prepare(SPACE, guest, measure=half_as_long).store for guest in ("a", "b", "a")}
    assert len(names) == 2


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: measure_of("no"), StudyError, "measure: got 'no'; takes a function of a Trial that returns its Record"),
        (lambda: simulated_builds(7), StudyError, "qemu: got 7; with measure= takes a name, or a list of names"),
        (lambda: simulated_builds([7]), StudyError, "qemu: got 7; with measure= takes names, such as '7.2'"),
        (lambda: simulated_guests(7), GuestError, "guests: got 7; with measure= takes a name, or a list of names"),
        (lambda: simulated_guests([7]), GuestError, "guests: got 7; with measure= takes names, such as 'smp'"),
        (lambda: simulated_guests([]), StudyError, "guests: names none; with measure= takes names, such as 'smp'"),
    ],
)  # fmt: skip
def test_what_has_no_name_is_refused(call: Any, error: type[AccelkitError], message: str) -> None:
    with pytest.raises(error) as refused:
        call()
    assert str(refused.value) == message


def test_all_wrong_arguments_are_told_at_once() -> None:
    with pytest.raises(StudyError, match=r"3 problems before anything runs: .*guests: .*qemu: .*measure: "):
        prepare(SPACE, 7, qemu=7, measure=7)  # type: ignore[arg-type]

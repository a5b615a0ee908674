"""A prepared study: what it shows, and what an interrupt says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from accelkit.host.signals import Terminated
from accelkit.study.model import Build, Record, Trial, stored_configuration
from accelkit.study.plan import Plan, StoredGuest
from accelkit.study.prepared import PreparedStudy, stored_progress
from accelkit.study.progress import Progress
from accelkit.study.result import Result
from accelkit.study.standards import Standards

PLAN = Plan(
    [Build("7.2", ("qemu",), "7.2.22")],
    [stored_configuration(name, (name,)) for name in ("tcg", "fast")],
    [StoredGuest("cpu", "")],
    "tcg",
)


def fake(trial: Trial) -> Record:
    return Record(trial, "ok", value=1.0 if trial.configuration == "fast" else 2.0)


@pytest.fixture
def store(tmp_path: Path) -> str:
    return str(tmp_path / "s.sqlite")


def stopped_at(trial: int, store: str, error: BaseException, **changes: Any) -> PreparedStudy:
    """A study that is interrupted while it measures that trial, counted from 1."""

    def measure(planned: Trial) -> Record:
        if planned.position + 1 == trial:
            raise error
        return fake(planned)

    return PreparedStudy(PLAN, measure, store, **{"blocks": 8, **changes})


def test_an_interrupt_says_where_and_how_to_go_on_and_nothing_is_lost(store: str) -> None:
    with pytest.raises(KeyboardInterrupt) as stop:
        stopped_at(6, store, KeyboardInterrupt()).run()
    assert str(stop.value) == (
        f"interrupted in block 3 of 8, at trial 6 of 16; {store} keeps all trials; to resume: make the same call"
        f" again; the result so far: Result.from_store({store!r})"
    )
    assert type(stop.value) is KeyboardInterrupt
    assert stop.value.__suppress_context__
    assert len(Result.from_store(store).records) == 5
    result = PreparedStudy(PLAN, fake, store, blocks=8).run()
    assert len({record.trial.id for record in result.records}) == len(result.records) == 16


def test_a_command_is_resumed_by_itself(store: str) -> None:
    command = ("accelkit", "study", "tcg,tb-size={8,64}", "--store", store)
    with pytest.raises(KeyboardInterrupt) as stop:
        stopped_at(1, store, KeyboardInterrupt(), command=command, blocks=None, seconds=60.0).run()
    assert str(stop.value) == (
        f"interrupted in block 1, at trial 1; {store} keeps all trials; to resume: accelkit study"
        f" 'tcg,tb-size={{8,64}}' --store {store}; the result so far: accelkit report {store}"
    )


def test_an_interrupt_before_the_first_trial_says_so(store: str) -> None:
    def never(*_: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match=r"^interrupted before its first trial; "):
        PreparedStudy(PLAN, fake, store, blocks=8).run(scatter=never)


def test_of_trials_that_run_at_the_same_time_none_is_named(store: str) -> None:
    def all_at_once(measure: Any, trials: Any) -> Any:
        return map(measure, list(trials))

    with pytest.raises(KeyboardInterrupt, match=r"^interrupted in block 3 of 8; "):
        stopped_at(6, store, KeyboardInterrupt()).run(scatter=all_at_once)


def test_a_signal_stays_a_signal(store: str) -> None:
    with pytest.raises(Terminated, match=r"^interrupted in block 2 of 8, at trial 3 of 16; "):
        stopped_at(3, store, Terminated()).run()


def test_it_shows_what_it_will_take(store: str) -> None:
    prepared = PreparedStudy(PLAN, fake, store, blocks=8, pace=0.5)
    text = f"{store}: 16 trials (8 blocks of 2), about 8 s; enough to decide 1 comparison (at least 6 blocks)"
    assert repr(prepared) == text
    assert prepared._repr_html_() == f"<p>{text}</p>"
    with pytest.raises(KeyboardInterrupt):
        stopped_at(6, store, KeyboardInterrupt()).run()
    assert repr(prepared).startswith(f"{store}: 5 of 16 trials (8 blocks of 2) stored, 11 to go, about ")
    prepared.run()
    assert repr(prepared).startswith(f"{store}: 16 of 16 trials (8 blocks of 2) stored, 0 to go; enough")


def test_it_shows_itself_even_if_its_store_cannot_be_read(store: str) -> None:
    Path(store).write_text("not a store")
    assert repr(PreparedStudy(PLAN, fake, store, blocks=8)).startswith(
        f"store={store!r}: not an SQLite database"
    )


def test_a_store_that_is_not_there_holds_nothing(store: str) -> None:
    assert stored_progress(store) == (0, 0, 0, 0.0)
    stopped_at(0, store, KeyboardInterrupt(), blocks=3).run()
    trials, blocks, dropped, spent = stored_progress(store, 8)
    assert (trials, blocks, dropped) == (6, 3, 0)
    assert spent >= 0


def test_a_bar_knows_what_the_store_has(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    PreparedStudy(PLAN, fake, store, blocks=7).run()
    prepared = PreparedStudy(PLAN, fake, store, blocks=8)
    with prepared.progress_bar() as watching:
        first = PLAN.block(7)[0]
        watching(Record(first, "timeout"), Progress(7, 8, 15, 16, 0.1, 0.1))
    opening, line = capsys.readouterr().err.splitlines()
    assert opening == repr(prepared)
    assert line.endswith("fastest so far: fast, 0.5 times the baseline's time, 1 failed")


POINTS = ("tcg,tb-size=256", "tcg,tb-size=8")
PRECISION = 0.05


def wild_phase(trial: Trial) -> Record:
    """Steady runs, of which one phase is anything but steady."""
    wild = 10.0 ** (int(trial.id, 16) % 5 - 3)
    steady = 1.0 + int(trial.id, 16) % 7 / 1000
    return Record(trial, "ok", value=steady, unit="s", phases={"boot": steady, "shutdown": wild})


def test_a_study_is_precise_when_its_whole_runs_are_whatever_a_phase_does(tmp_path: Path) -> None:
    plan = Plan(
        [Build("7.2", ("qemu",), "7.2")],
        [stored_configuration(name, ("-accel", name)) for name in POINTS],
        [StoredGuest("linux", "")],
        POINTS[0],
    )
    standards = Standards(anytime=True)
    prepared = PreparedStudy(
        plan, wild_phase, str(tmp_path / "s.sqlite"), blocks=100, precision=PRECISION, standards=standards
    )
    result = prepared.run()
    assert len(result.records) < 2 * 100
    assert all(row.high <= row.low * (1 + PRECISION) for row in result.comparisons)
    wild = [row for row in result.phase_comparisons if row.guest == "linux: shutdown"]
    assert wild[0].high > wild[0].low * (1 + PRECISION)

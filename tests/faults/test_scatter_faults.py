"""What a scatter does wrong ends the study in words, with every record before it stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from support.fake_study import PLAN, fake

from accelkit.errors import StudyError
from accelkit.study.hosts.pool import Scatter, one_host
from accelkit.study.model import Record, Trial
from accelkit.study.runner import run_blocks
from accelkit.study.store.reader import read_store
from accelkit.study.store.writer import open_store
from accelkit.study.worker import Measure


def two_and_then(what: Callable[[], Any]) -> Scatter:
    """A scatter that returns two records, and then what ``what`` returns or raises."""

    def scatter(measure: Measure, trials: Iterable[Trial]) -> Iterator[Any]:
        for number, trial in enumerate(trials):
            yield measure(trial) if number < 2 else what()

    return scatter


def raising(error: BaseException) -> Callable[[], Any]:
    def raise_() -> Any:
        raise error

    return raise_


CASES = {
    "an error without words": (two_and_then(raising(RuntimeError())), r"RuntimeError; "),
    "an error of many lines": (two_and_then(raising(OSError("a\nb"))), r"OSError: a b; "),
    "a cancelled future": (two_and_then(raising(CancelledError())), r"CancelledError; "),
    "None": (two_and_then(lambda: None), r"gave None in place of a record"),
    "a future": (two_and_then(Future), r"gave <Future .* in place of a record; .*of a future its result"),
    "text": (two_and_then(lambda: "x" * 10_000), r"gave 'x{199}… in place of a record"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_fault_after_two_records_keeps_them(name: str, tmp_path: Path) -> None:
    scatter, words = CASES[name]
    path = tmp_path / "s.sqlite"
    with (
        pytest.raises(
            StudyError, match=rf"^scatter: {words}.*[Aa]ll records before are stored: .*run the same"
        ),
        open_store(path, PLAN) as store,
    ):
        list(run_blocks(PLAN, fake, store, blocks=2, pool=one_host(scatter)))
    with read_store(path) as stored:
        assert stored.count() == 2
    with open_store(path, PLAN) as store:
        assert len(list(run_blocks(PLAN, fake, store, blocks=2))) == 4


@pytest.mark.parametrize(
    "scatter",
    [lambda *_: None, lambda: iter(()), raising(TypeError("no")), 5],
    ids=["none", "arity", "raises", "int"],
)
def test_a_scatter_that_cannot_be_called_or_iterated_is_an_error_in_words(
    scatter: Any, tmp_path: Path
) -> None:
    with pytest.raises(StudyError, match=r"^scatter: TypeError: "), open_store(tmp_path / "s", PLAN) as store:
        list(run_blocks(PLAN, fake, store, blocks=1, pool=one_host(scatter)))


def test_a_pool_that_was_shut_down_is_an_error_in_words(tmp_path: Path) -> None:
    pool = ThreadPoolExecutor(1)
    pool.shutdown()
    with (
        pytest.raises(StudyError, match=r"^scatter: RuntimeError: "),
        open_store(tmp_path / "s", PLAN) as store,
    ):
        list(run_blocks(PLAN, fake, store, blocks=1, pool=one_host(pool.map)))


def test_an_interrupt_inside_a_scatter_stays_an_interrupt(tmp_path: Path) -> None:
    scatter = two_and_then(raising(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt), open_store(tmp_path / "s", PLAN) as store:
        list(run_blocks(PLAN, fake, store, blocks=1, pool=one_host(scatter)))


def test_an_error_of_measure_is_a_record_and_not_the_scatters(tmp_path: Path) -> None:
    def fails(trial: Trial) -> Record:
        if trial.configuration == "tcg":
            raise ValueError("mine")
        return fake(trial)

    with open_store(tmp_path / "s", PLAN) as store:
        records = list(run_blocks(PLAN, fails, store, blocks=1))
    assert sorted(record.cause for record in records) == ["error", "ok", "ok"]

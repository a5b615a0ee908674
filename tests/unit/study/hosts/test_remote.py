"""What a worker does: a block, one trial after the other, each record told as soon as it is there."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from support.fake_study import PLAN, fake

from accelkit.guests.makers import linux
from accelkit.study.hosts import remote
from accelkit.study.hosts.remote import MOST_MEASURES, ForgottenError, install, record_in, run_block
from accelkit.study.model import Record, Trial
from accelkit.study.worker import Worker


class FakeWorker:
    """A worker of Dask that runs one task, which may be cancelled after some trials."""

    def __init__(self, cancelled_after: int = 10) -> None:
        self.told: list[tuple[str, Record]] = []
        self._left = cancelled_after
        self.state = SimpleNamespace(tasks=self)

    def get(self, key: str) -> Any:
        assert key == "key"
        self._left -= 1
        return SimpleNamespace(state="executing" if self._left >= 0 else "cancelled")

    def get_current_task(self) -> str:
        return "key"

    def log_event(self, topic: str, event: dict[str, object]) -> None:
        assert topic == "topic"
        self.told.append(record_in(event))


@pytest.fixture(autouse=True)
def clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    yield
    remote._MEASURES.clear()


def run(worker: FakeWorker, monkeypatch: pytest.MonkeyPatch, measure: Any = fake) -> int:
    monkeypatch.setattr("distributed.get_worker", lambda: worker)
    install("topic", pickle.dumps(measure), {})
    return run_block("topic", "far", PLAN.block(0))


def broken(trial: Trial) -> Record:
    raise ValueError(trial.configuration)


def test_each_record_is_told_with_its_host_in_the_order_of_the_block(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = FakeWorker()
    assert run(worker, monkeypatch) == 3
    assert [record.trial for _, record in worker.told] == list(PLAN.block(0))
    assert {(host, record.host) for host, record in worker.told} == {("far", "far")}


def test_a_block_that_nobody_wants_any_more_ends_before_its_next_trial(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worker = FakeWorker(cancelled_after=1)
    assert run(worker, monkeypatch) == 1
    assert len(worker.told) == 1


def test_an_exception_of_measure_is_a_record(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = FakeWorker()
    run(worker, monkeypatch, broken)
    assert {(record.cause, record.host) for _, record in worker.told} == {("error", "far")}


def test_a_new_process_does_not_know_the_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("distributed.get_worker", FakeWorker)
    with pytest.raises(ForgottenError):
        run_block("topic", "far", PLAN.block(0))


def test_a_worker_keeps_the_measures_of_the_last_studies() -> None:
    for number in range(MOST_MEASURES + 2):
        install(f"topic {number}", pickle.dumps(fake), {})
    assert list(remote._MEASURES) == [f"topic {number}" for number in range(2, MOST_MEASURES + 2)]


def test_guests_get_the_paths_of_their_files_on_this_host(tmp_path: Path) -> None:
    (tmp_path / "kernel").write_bytes(b"x")
    worker = Worker.of([], [], [linux(str(tmp_path / "kernel"), name="mine")])
    install("topic", pickle.dumps(worker), {str(tmp_path / "kernel"): "/cached"})
    kept = remote._MEASURES["topic"]
    assert isinstance(kept, Worker)
    assert [file.path for file in kept.guests["mine"].files] == ["/cached"]  # type: ignore[union-attr]

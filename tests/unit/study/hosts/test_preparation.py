"""A host is made ready: examined, given the files that it lacks, and the measure; or refused with the reason."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from accelkit.guests.makers import linux
from accelkit.study.hosts import preparation
from accelkit.study.hosts.doctor import Condition, Needs
from accelkit.study.hosts.guest_files import files_of
from accelkit.study.hosts.preparation import prepare_host
from accelkit.study.model import Build


class Future:
    def __init__(self, result: Callable[[], Any], waits: int = 0) -> None:
        self._result, self._waits = result, waits

    def result(self, timeout: float) -> Any:
        assert timeout > 0
        self._waits -= 1
        if self._waits >= 0:
            raise TimeoutError
        return self._result()

    def cancel(self) -> None:
        pass


class Client:
    """Calls what is submitted to its one worker; ``answers`` replaces what functions return."""

    def __init__(self, waits: int = 0, **answers: Any) -> None:
        self._waits, self._answers = waits, answers
        self.calls: list[tuple[str, tuple[Any, ...]]] = []

    def submit(self, function: Callable[..., Any], *words: Any, workers: list[str], **_: Any) -> Future:
        assert workers == ["tcp://w"]
        self.calls.append((function.__name__, words))
        answer = self._answers.get(function.__name__)
        if isinstance(answer, Exception):
            return Future(raising(answer))
        return Future(lambda: function(*words) if answer is None else answer, self._waits)


def raising(error: Exception) -> Callable[[], Any]:
    def raise_() -> Any:
        raise error

    return raise_


def prepare(client: Client, needs: Needs | None = None, over: Event | None = None) -> str | None:
    return prepare_host(client, "tcp://w", "topic", b"measure", needs or Needs(), over or Event())


def test_a_host_that_lacks_nothing_gets_the_measure() -> None:
    client = Client(examine=Condition(), install="done", waits=2)
    assert prepare(client) is None
    assert client.calls[-1] == ("install", ("topic", b"measure", {}))


def test_a_host_that_lacks_a_qemu_is_refused_with_the_reason_and_gets_nothing() -> None:
    client = Client(examine=Condition(absent={"q": "no"}))
    assert prepare(client, Needs((Build("q", ("qemu",), ""),))) == (
        "lacks QEMU q (qemu): no; install the same build there, under the same path"
    )
    assert [name for name, _ in client.calls] == ["examine"]


def test_files_that_are_missing_are_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for name in ("kernel", "initrd"):
        (tmp_path / name).write_text(name)
    kernel, initrd = files_of({"x": linux(str(tmp_path / "kernel"), str(tmp_path / "initrd"))})
    client = Client(examine=Condition(places={kernel.path: "/same", initrd.path: ""}), install="done")
    assert prepare(client, Needs(files=(kernel, initrd))) is None
    assert [name for name, _ in client.calls] == ["examine", "keep_chunk", "keep", "install"]
    places = client.calls[-1][1][2]
    assert places[kernel.path] == "/same"
    assert Path(places[initrd.path]).read_text() == "initrd"


def test_what_a_worker_raises_is_the_reason() -> None:
    reason = prepare(Client(examine=RuntimeError("out of memory")))
    assert reason == "cannot be prepared (RuntimeError: out of memory); look at its log"


def test_it_stops_when_the_study_is_over() -> None:
    over = Event()
    over.set()
    client = Client(examine=Condition())
    assert prepare(client, over=over) == "the study ended"
    assert preparation.LOOK > 0

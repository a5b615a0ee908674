"""One trial at a time on a host."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from accelkit.study.hosts.lock import one_trial_at_a_time


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_threads_take_turns(folder: Path) -> None:
    inside, most = 0, 0

    def measure() -> None:
        nonlocal inside, most
        for _ in range(5):
            with one_trial_at_a_time():
                inside += 1
                most = max(most, inside)
                time.sleep(0.001)
                inside -= 1

    threads = [threading.Thread(target=measure) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert [path.name for path in folder.iterdir()] == ["accelkit-host.lock"]


def test_an_error_releases_it() -> None:
    with pytest.raises(ValueError, match="x"), one_trial_at_a_time():
        raise ValueError("x")
    with one_trial_at_a_time():
        pass


def test_other_names_are_other_hosts() -> None:
    with one_trial_at_a_time("a"), one_trial_at_a_time("b"):
        pass

"""What is taken for a cluster, and how its client is made."""

from __future__ import annotations

from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest

from accelkit.errors import StudyError
from accelkit.study.hosts import connection
from accelkit.study.hosts.connection import MOST_FAILURES, Connection, checked


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (5, "got 5; takes a distributed.Client, a cluster such as LocalCluster, or the address"),
        ("host:8786", r"got 'host:8786'; write the whole address, such as 'tcp://host:8786'"),
        ("", "such as 'tcp://host:8786'"),
        ([], r"got \[\]; takes"),
    ],
)
def test_what_is_no_cluster_is_refused_with_what_is_one(on: object, words: str) -> None:
    with pytest.raises(StudyError, match=f"^on: .*{words}"):
        checked(on)


@pytest.mark.parametrize(
    "on", ["tcp://host:8786", "tls://host:1", SimpleNamespace(scheduler_address="tcp://x:1")]
)
def test_an_address_and_a_cluster_stay_as_they_are(on: object) -> None:
    assert checked(on) is on


class Client:
    """Reaches its scheduler at the second attempt."""

    attempts = 0
    status = "running"

    def __init__(self, on: object, **_: Any) -> None:
        self.scheduler = SimpleNamespace(address="tcp://given:1")
        Client.attempts += 1
        if on == "tcp://later:1" and Client.attempts < 2:
            raise OSError("refused")
        if on == "tcp://never:1":
            raise TimeoutError

    def submit(self) -> None:
        pass

    def close(self, timeout: float) -> None:
        self.status = "closed"

    def scheduler_info(self, n_workers: int) -> dict[str, Any]:
        raise OSError("gone")


@pytest.fixture(autouse=True)
def fake_dask(monkeypatch: pytest.MonkeyPatch) -> None:
    Client.attempts = 0
    monkeypatch.setattr(connection, "_distributed", lambda: SimpleNamespace(Client=Client))


def test_a_scheduler_is_tried_again_for_some_time() -> None:
    made = Connection("tcp://later:1")
    made.open(60.0)
    assert made.is_alive
    made.close()
    assert not made.is_alive


def test_one_that_never_answers_is_an_error_in_words() -> None:
    with pytest.raises(
        StudyError, match=r"^on=tcp://never:1: its scheduler does not answer \(TimeoutError\)"
    ):
        Connection("tcp://never:1").open(0.0)


def test_a_client_of_the_user_stays_open() -> None:
    client = Client("tcp://x:1")
    made = Connection(client)
    made.open(0.0)
    assert made.shown == "tcp://given:1"
    made.close()
    assert client.status == "running"
    client.status = "closed"
    with pytest.raises(StudyError, match="the client is closed"):
        made.open(0.0)


def test_a_watch_tells_that_the_scheduler_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Connection("tcp://x:1")
    made.open(0.0)
    told: list[tuple[str, object]] = []
    over = Event()
    monkeypatch.setattr(over, "wait", lambda _: None)
    made.watch(lambda kind, _, content: told.append((kind, str(content))), over)
    assert told == [("trouble", "gone")]
    assert MOST_FAILURES > 1


def test_dask_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(connection, "import_module", lambda _: exec("import no_such_module"))
    with pytest.raises(StudyError, match=r"install it: pip install 'accelkit\[scale\]'"):
        Connection("tcp://x:1")

"""The connection to a Dask cluster: a client that the user gave, or one made for a cluster or an address."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from importlib import import_module
from threading import Event
from typing import Any, Final

from accelkit.errors import StudyError, shown

CONNECTING: Final = 10.0
"""Seconds for one attempt to reach a scheduler."""

LOOK: Final = 0.5
"""Seconds between two looks at the workers; with many of them more."""

MOST_FAILURES: Final = 3
"""After so many looks in a row without an answer the scheduler is lost."""

FORMS: Final = "takes a distributed.Client, a cluster such as LocalCluster, or the address of a scheduler such as 'tcp://host:8786'"


class Connection:
    """A client of the cluster ``on``; :meth:`open` before use, :meth:`close` at the end.

    A client that the user gave stays open. Raises StudyError for what is no cluster, and if Dask is not installed.
    """

    def __init__(self, on: object) -> None:
        self._distributed = _distributed()
        self._on = checked(on)
        self._is_own = not isinstance(on, self._distributed.Client)
        self.client: Any = None

    @property
    def shown(self) -> str:
        """The cluster as messages name it."""
        on: Any = self._on
        if isinstance(on, str):
            return on
        address = on.scheduler.address if isinstance(on, self._distributed.Client) else on.scheduler_address
        return str(address)

    def open(self, patience: float) -> None:
        """Reach the scheduler, trying for ``patience`` seconds. Raises StudyError if it does not answer."""
        deadline = time.monotonic() + patience
        while True:
            try:
                self._try()
            except (OSError, TimeoutError, ValueError) as error:
                if time.monotonic() >= deadline:
                    raise StudyError(
                        f"on={self.shown}: its scheduler does not answer ({str(error) or type(error).__name__}); all records"
                        " are stored: start it again, then run the same again"
                    ) from error
                time.sleep(0.5)
            else:
                return

    def _try(self) -> None:
        if self._is_own:
            self.close()
            target: Any = self._on
            with _quietly():
                self.client = self._distributed.Client(target, timeout=CONNECTING, set_as_default=False)
            return
        self.client = self._on
        if self.client.status != "running":
            raise TimeoutError(f"the client is {self.client.status}")

    @property
    def is_alive(self) -> bool:
        """Whether the client has a scheduler."""
        return self.client is not None and self.client.status == "running"

    def workers(self) -> dict[str, dict[str, Any]]:
        """What the scheduler knows of its workers, by address. Raises OSError if it does not answer."""
        try:
            info = self.client.scheduler_info(n_workers=-1)
        except TypeError:  # distributed before 2025.2, which always tells all
            info = self.client.scheduler_info()
        return dict(info["workers"])

    def watch(self, tell: Callable[[str, object, object], None], over: Event) -> None:
        """Tell the scheduler's workers again and again, until the session is ``over`` or it does not answer."""
        failures = 0
        while not over.is_set():
            try:
                workers = self.workers()
            except Exception as error:  # noqa: BLE001 - whatever it is, the scheduler did not answer
                failures += 1
                if failures >= MOST_FAILURES:
                    tell("trouble", "", error)
                    return
                over.wait(1)
            else:
                failures = 0
                tell("workers", "", workers)
                over.wait(LOOK + len(workers) / 200)

    def close(self) -> None:
        """Close the client, unless it is the user's."""
        if self._is_own and self.client is not None:
            client, self.client = self.client, None
            with _quietly():
                client.close(timeout=2)


@contextmanager
def _quietly() -> Generator[None]:
    """A context in which Dask logs no tracebacks of a scheduler that is away: a StudyError says so in words."""
    logger = logging.getLogger("distributed.client")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)


def checked(on: object) -> object:
    """``on``, if it is a client, a cluster or an address. Raises StudyError for anything else.

    >>> checked("tcp://host:8786")
    'tcp://host:8786'
    >>> checked(8786)
    Traceback (most recent call last):
        ...
    accelkit.errors.StudyError: on: got 8786; takes a distributed.Client, a cluster such as LocalCluster, or the address \
of a scheduler such as 'tcp://host:8786'
    """
    if isinstance(on, str):
        if "://" not in on:
            place = on or "host"
            whole = f"tcp://{place}" if ":" in place else f"tcp://{place}:8786"
            raise StudyError(f"on: got {shown(on)}; write the whole address, such as '{whole}'")
        return on
    if hasattr(on, "scheduler_address") or (hasattr(on, "submit") and hasattr(on, "scheduler_info")):
        return on
    raise StudyError(f"on: got {shown(on)}; {FORMS}")


def _distributed() -> Any:
    try:
        return import_module("distributed")
    except ImportError as error:
        raise StudyError(
            f"on=: needs {error.name}, which is missing; install it: pip install 'accelkit[scale]'"
        ) from None

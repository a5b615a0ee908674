"""A host is made ready for a study, from the study's own: examined, given what it lacks, or refused with the reasons."""

from __future__ import annotations

import uuid
from functools import partial
from threading import Event
from typing import Any, Final

from accelkit.errors import AccelkitError
from accelkit.study.hosts.doctor import Condition, Needs, examine, faults
from accelkit.study.hosts.guest_files import send
from accelkit.study.hosts.remote import install

LOOK: Final = 1.0
"""Seconds between two looks whether the study is over meanwhile."""


class OverError(Exception):
    """The study ended before the host was ready."""


def prepare_host(
    client: Any, worker: str, topic: str, measure: bytes, needs: Needs, over: Event
) -> str | None:
    """Examine the host of ``worker`` and give it what it lacks; None if it is ready, else why it is not.

    ``measure`` is pickled. Returns early once ``over`` is set.
    """
    call = partial(_call, client, worker, over)
    try:
        condition: Condition = call(examine, needs)
        if found := [*faults(condition, needs)]:
            return " | ".join(f"{fault.fact}; {fault.remedy}" for fault in found)
        places = dict(condition.places)
        for file in needs.files:
            if not places[file.path]:
                places[file.path] = send(file, call)
        call(install, topic, measure, places)
    except OverError:
        return "the study ended"
    except AccelkitError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - of the worker or on the way: it is the reason
        return f"cannot be prepared ({type(error).__name__}: {error}); look at its log"
    return None


def _call(client: Any, worker: str, over: Event, function: Any, *words: Any) -> Any:
    """What ``function`` returns on the worker; waits while that does something else."""
    future = client.submit(
        function, *words, pure=False, workers=[worker], allow_other_workers=False, priority=10,
        key=f"{function.__name__}-{uuid.uuid4().hex}",
    )  # fmt: skip
    while True:
        if over.is_set():
            future.cancel()
            raise OverError
        try:
            return future.result(timeout=LOOK)
        except TimeoutError:
            continue

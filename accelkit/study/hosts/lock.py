"""One trial at a time on a host, whoever asks: a lock that all workers of a host share, and the kernel releases."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

NAME: Final = "accelkit-host.lock"
"""The name of the lock file, in the folder for temporary files."""


@contextmanager
def one_trial_at_a_time(name: str = NAME) -> Generator[None]:
    """A context that only one process of this host has at a time, also of several users; the others wait.

    The lock is flock(2) on a file in the folder for temporary files, which stays. The kernel releases it when its holder
    dies. Containers that share no such folder share no lock.

    >>> with one_trial_at_a_time("accelkit-example.lock"):
    ...     print("alone")
    alone
    """
    path = os.path.join(tempfile.gettempdir(), name)
    try:
        descriptor = os.open(
            path, os.O_RDONLY | os.O_CLOEXEC
        )  # Linux lets only its owner O_CREAT a file there
    except FileNotFoundError:
        descriptor = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)

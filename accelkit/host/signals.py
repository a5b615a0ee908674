"""SIGTERM and SIGHUP clean up as Ctrl-C does: files are closed, QEMU is ended, then this process ends."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import Final

ENDING: Final = (signal.SIGTERM, signal.SIGHUP)
"""Signals whose default is to end a process at once."""


class Terminated(KeyboardInterrupt):
    """A signal of :data:`ENDING` has arrived. Its text, if it has one, is printed before the process ends."""


def interrupt(stop: KeyboardInterrupt, text: str) -> KeyboardInterrupt:
    """The same kind of interrupt as ``stop``, with a text for whoever reads it.

    Not of any other class: of a subclass of KeyboardInterrupt Python would print a traceback, but not end by SIGINT.

    >>> interrupt(Terminated(), "in block 3"), interrupt(KeyboardInterrupt(), "in block 3")
    (Terminated('in block 3'), KeyboardInterrupt('in block 3'))
    """
    return Terminated(text) if isinstance(stop, Terminated) else KeyboardInterrupt(text)


def unblock() -> None:
    """Unblocks the signals that end this command: whoever started it may have passed on a mask that blocks them."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGINT, *ENDING))


@contextmanager
def interrupting() -> Generator[None]:
    """In the ``with`` block SIGTERM and SIGHUP raise :class:`Terminated`; behind it this process ends by the signal.

    The text of a Terminated that leaves the block is printed to stderr: nobody behind it can.

    A signal that is ignored, as SIGHUP by nohup, or that has a handler, is left alone; so are all of them
    outside the main thread, where Python has no handlers.

    >>> with interrupting():
    ...     signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    False
    >>> signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    True
    """
    arrived: list[int] = []
    owner = os.getpid()

    def arrive(number: int, _: object) -> None:
        if os.getpid() != owner:  # a forked worker: it ends as it would without this
            _end_by(number)
        arrived.append(number)
        if len(arrived) == 1:  # a second one must not disturb the cleaning up
            raise Terminated

    numbers: list[int] = []
    if threading.current_thread() is threading.main_thread():
        numbers = [number for number in ENDING if signal.getsignal(number) == signal.SIG_DFL]
    try:
        for number in numbers:
            signal.signal(number, arrive)
        yield
    except Terminated as end:
        if arrived and str(end):
            with suppress(Exception):  # the terminal may be gone
                print(end, file=sys.stderr, flush=True)
        raise
    finally:
        if arrived:
            _end_by(arrived[0])
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)


def _end_by(number: int) -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):  # it may be closed, as the terminal's after SIGHUP
            stream.flush()
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)

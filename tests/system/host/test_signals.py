"""What SIGTERM and SIGHUP do to a process within interrupting()."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading

import pytest

from accelkit.host.signals import interrupting

PROGRAM = """
import os, signal, sys
from accelkit.host.signals import interrupting
number = int(sys.argv[1])
if sys.argv[2] == "ignored":
    signal.signal(number, signal.SIG_IGN)
with interrupting():
    with interrupting():  # the inner one leaves all to the outer one
        try:
            os.kill(os.getpid(), number)
        except KeyboardInterrupt:
            os.kill(os.getpid(), number)  # a second one does not disturb
            print("cleaned up")
print("went on")
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("how", ["default", "ignored"])
def test_the_process_cleans_up_and_then_ends_by_the_signal(number: int, how: str) -> None:
    words = [sys.executable, "-c", PROGRAM, str(int(number)), how]
    process = subprocess.run(words, capture_output=True, text=True, check=False, timeout=300)
    assert (process.returncode, process.stdout) == (
        (-number, "cleaned up\n") if how == "default" else (0, "went on\n")
    ), process.stderr


def test_a_thread_has_no_handlers_and_handlers_are_put_back() -> None:
    inside: list[object] = []

    def look() -> None:
        with interrupting():
            inside.append(signal.getsignal(signal.SIGTERM))

    before = signal.getsignal(signal.SIGTERM)
    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    with interrupting():
        pass
    assert inside == [before] == [signal.getsignal(signal.SIGTERM)]

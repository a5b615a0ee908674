"""What tests of several files ask for."""

from __future__ import annotations

import os
import signal

# Before numpy is loaded: threads of linear algebra that wait for each other take the processors from the other tests.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest
from hypothesis import HealthCheck, settings
from oracle import summary
from support.tools import in_ci, tool

# Here, because with xdist the process that prints the summary loads no conftest.py of a folder below.
pytest_terminal_summary = summary.pytest_terminal_summary

# Machines are busy: how long an example takes says nothing about accelkit.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", PATIENT, max_examples=10)
settings.register_profile("ci", PATIENT, max_examples=50)
settings.load_profile("ci" if in_ci() else "quick")

# Under nohup SIGHUP is ignored, in the background of a script SIGINT; what a test starts and interrupts would inherit that.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fails the tests of a group where pytest-xdist does not run them in one process: they share studies, or ports."""
    is_to_group = item.config.getoption("loadgroup", default=False)
    if is_to_group and item.get_closest_marker("xdist_group") and "@" not in item.nodeid:
        pytest.fail("pytest-xdist does not keep this group together: install the pytest of pyproject.toml")


@pytest.fixture
def qemu() -> str:
    """The path of the QEMU on PATH."""
    return tool("qemu-system-x86_64")

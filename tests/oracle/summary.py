"""The section of pytest's summary that shows what the newest QEMU answers differently.

Such a difference fails no test, and pytest prints nothing of a test that passes. So a test hands the
text over as a property of its report, which pytest-xdist brings from its workers.
"""

from __future__ import annotations

import pytest

PROPERTY = "newest QEMU"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """All that tests say of the newest QEMU, in full."""
    texts = [
        (report.nodeid, text)
        for outcome in ("passed", "failed")
        for report in terminalreporter.getreports(outcome)
        if report.when == "call"
        for name, text in report.user_properties
        if name == PROPERTY
    ]
    if texts:
        terminalreporter.section("compared with the newest QEMU")
        for _, text in sorted(texts):
            terminalreporter.line(text)

"""Plans and configurations from ``-accel`` arguments."""

from __future__ import annotations

from accelkit.study.model import Build, Configuration, stored_configuration
from accelkit.study.plan import Plan, StoredGuest


def configuration(*arguments: str) -> Configuration:
    """The configuration that tries these ``-accel`` arguments in order."""
    argv = [word for argument in arguments for word in ("-accel", argument)]
    return stored_configuration(" else ".join(arguments), argv)


def plan_of(*arguments: str, baseline: str | None = None) -> Plan:
    """A plan of one build and one guest, a configuration for each argument; the first is the baseline by default."""
    points = [configuration(argument) for argument in arguments]
    return Plan(
        [Build("7.2.22", ("qemu",), "7.2.22")], points, [StoredGuest("cpu", "")], baseline or arguments[0]
    )

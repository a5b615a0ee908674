"""Performance-tuning studies on real QEMUs: plan, run, store, compare, report.

``study`` does all of it; the other names are its parts. Each is loaded on first use: the plain data of a
study (``accelkit.study.model``) needs neither numpy nor SQLite.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accelkit.guests.catalogue import Guest, guest
    from accelkit.guests.listing import guests
    from accelkit.guests.makers import command, disk, linux
    from accelkit.guests.small_linux import linux_guest
    from accelkit.study.analysis.best import Best
    from accelkit.study.analysis.compare import Comparison, compare
    from accelkit.study.model import Build, Configuration, Record, Trial
    from accelkit.study.prepared import PreparedStudy
    from accelkit.study.progress import study_time
    from accelkit.study.result import Result
    from accelkit.study.setup import prepare, study

__all__ = [  # noqa: RUF022  # from what is met first to what is met last
    "study",
    "Result",
    "Best",
    "prepare",
    "PreparedStudy",
    "guests",
    "guest",
    "Guest",
    "linux_guest",
    "linux",
    "disk",
    "command",
    "Build",
    "Configuration",
    "Trial",
    "Record",
    "compare",
    "Comparison",
    "study_time",
]

_HOMES = {
    "accelkit.guests.catalogue": ("Guest", "guest"),
    "accelkit.guests.listing": ("guests",),
    "accelkit.guests.makers": ("command", "disk", "linux"),
    "accelkit.guests.small_linux": ("linux_guest",),
    "accelkit.study.prepared": ("PreparedStudy",),
    "accelkit.study.setup": ("prepare", "study"),
    "accelkit.study.progress": ("study_time",),
    "accelkit.study.result": ("Result",),
    "accelkit.study.analysis.best": ("Best",),
    "accelkit.study.analysis.compare": ("Comparison", "compare"),
    "accelkit.study.model": ("Build", "Configuration", "Record", "Trial"),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            try:
                return getattr(import_module(home), name)
            except ModuleNotFoundError as error:
                if (error.name or "").startswith("accelkit"):
                    raise
                raise ImportError(
                    f"{name} needs {error.name}, which is missing; install it: pip install 'accelkit[study]'"
                ) from None
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

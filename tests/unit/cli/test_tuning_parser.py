"""The options of ``accelkit tune``."""

from __future__ import annotations

import inspect

from accelkit.cli.parser import parser
from accelkit.tuning import tune

#: Arguments of tune() that a shell gives in other words, or cannot give.
OTHERWISE = {"guests": "--guest", "budget": "--for", "goals": "--goal", "on": "--dask", "watch": "--quiet"}
ONLY_IN_PYTHON = {"space", "guest", "measure", "scatter"}


def test_each_argument_of_tune_is_an_option() -> None:
    options = parser().commands["tune"].options
    names = inspect.signature(tune).parameters.keys() - ONLY_IN_PYTHON
    assert [name for name in names if OTHERWISE.get(name, f"--{name.replace('_', '-')}") not in options] == []


def test_what_is_not_given_is_left_to_tune() -> None:
    given = parser().parse_args(["tune", "tcg"])
    defaults = {name: given_by.default for name, given_by in inspect.signature(tune).parameters.items()}
    for name in (
        "store",
        "trials",
        "time",
        "qemu",
        "baseline",
        "max_rss",
        "delta",
        "confidence",
        "seed",
        "run_seconds",
        "timeout",
    ):
        assert getattr(given, name) == defaults[name], name

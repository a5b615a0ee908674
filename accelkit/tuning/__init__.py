"""Tune an accelerator: which of many configurations to run, found with few trials and borne out by a study.

``tune`` does all of it; the other names are its parts. Each is loaded on first use.

    from accelkit import *
    from accelkit.tuning import tune

    space = tcg() | tb_size(doubling(8, 2048)) | thread(each(single, multi)) | split_wx(each(on, off))
    best = tune(space, {"smp": 2, "tb-thrash": 1}, time="30m", store="tune.sqlite")
    best                          # what to run, by how much faster, how sure, what was tried
    best.recipe, best.decided     # the pick, and whether the confirming study bore it out
    best.result                   # that study: a Result, with its report, plots and frames

**What it is for.** A study compares a few configurations and says of each how much faster it is. A tuning answers "what
should I run" where there are too many to compare: it tries few of them, and most of its trials go to the good ones.
It is not for questions about one setting, such as "is tb-size=512 faster than 64": ask ``study`` for that, and for the
response to a property.

**What it does.** First a search: it chooses a block of points, runs them with each guest in random order, the best so far
among them, and learns from the ratios within the block which points to try next. Points that fail, that the QEMU
refuses or that break a constraint are left out. Runs of bundled guests are short in the search. Then a confirming study:
the best few points and the baseline run whole, in fresh blocks, and are compared as in any study. So the luck that made a
point look good in the search is not in the answer. The search has about four fifths of the budget, the study the rest.

**What it says.** ``best.decided`` is True if the study showed the pick to be slower than no other finalist by more than 1%,
and faster than the baseline, or that the baseline is to be kept. If not, ``best.recipe`` is the best estimate from search
and study together, ``best.why`` says what is missing, and its text what would decide. With several guests ``best.costs``
says how much longer each of them takes than with its own best. ``written(best.recipe, "systemd")`` writes it down.

**Points.** A space may have any number of points, 10^12 too: they are never listed. A single recipe, ``tune(tcg(), "smp")``,
stands for what is worth trying: :func:`space_of` has it from the table of properties, from what the QEMU has, and from the
host.

>>> from accelkit import bundled, tcg
>>> from accelkit.host.capacity import Capacity
>>> from accelkit.tuning import space_of
>>> space_of(tcg(), bundled("11.1"), Capacity(memory=512 << 20))
tcg() | each(Recipe(), tb_size(each(8, 16, 32, 128))) | each(Recipe(), thread(single))

**Constraints and goals.** ``max_rss="2GiB"`` leaves out what takes more memory in any trial. ``goals={"time": 1, "max_rss":
0.2}`` weighs both; ``best.front`` has the points of which no other is better in one and as good in the other.

**What it keeps.** The store is an SQLite file; each trial is on the disk before the next begins. After Ctrl-C, SIGTERM,
``kill -9`` or a full disk, make the same call again. ``Tuned.from_store("tune.sqlite")`` reads it, also while the tuning
runs; ``Result.from_store`` and ``accelkit report`` have its confirming study. In a shell:
``accelkit tune tcg --guest smp --for 30m --store tune.sqlite``.

**Simulation.** ``measure=fn`` takes any function of a ``Trial`` that returns its ``Record`` in place of a QEMU:

>>> from accelkit.study import Record
>>> from accelkit.tuning import tune
>>> times = {"tcg,tb-size=8": 2.0, "tcg,tb-size=64": 1.0, "tcg,tb-size=512": 1.5}
>>> def fake(trial):
...     return Record(trial, "ok", value=times[trial.configuration] * (1 + trial.block % 3 / 1000))
>>> best = tune(
...     "tcg,tb-size={8,64,512}", "smp", trials=100, store=store, measure=fake, watch=False
... )  # doctest: +SKIP
>>> best.recipe, best.decided  # doctest: +SKIP
(tcg() | tb_size(64), True)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accelkit.study.searched import Terms, TriedPoint
    from accelkit.tuning.front import FrontPoint
    from accelkit.tuning.host_space import WorthTrying, space_of, worth_trying
    from accelkit.tuning.prepared import PreparedTuning
    from accelkit.tuning.progress import TuningProgress
    from accelkit.tuning.setup import prepare, tune
    from accelkit.tuning.summary import SearchSummary
    from accelkit.tuning.tuned import Tuned

__all__ = [  # noqa: RUF022  # from what is met first to what is met last
    "tune",
    "Tuned",
    "space_of",
    "worth_trying",
    "WorthTrying",
    "prepare",
    "PreparedTuning",
    "SearchSummary",
    "TriedPoint",
    "Terms",
    "FrontPoint",
    "TuningProgress",
]

_HOMES = {
    "accelkit.study.searched": ("Terms", "TriedPoint"),
    "accelkit.tuning.front": ("FrontPoint",),
    "accelkit.tuning.host_space": ("WorthTrying", "space_of", "worth_trying"),
    "accelkit.tuning.prepared": ("PreparedTuning",),
    "accelkit.tuning.progress": ("TuningProgress",),
    "accelkit.tuning.setup": ("prepare", "tune"),
    "accelkit.tuning.summary": ("SearchSummary",),
    "accelkit.tuning.tuned": ("Tuned",),
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

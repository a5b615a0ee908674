"""QEMU's own counters (translations, flushes, KVM exits) and the accelerator that runs.

Counters need no statistics: they are the same on a quiet and on a busy host, and they show why one
setting is slower than another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, cast

from accelkit.errors import QemuError, shown
from accelkit.qemu.qmp import Command, Qmp, QmpError

JIT: Final = {
    "code-bytes": r"gen code size +(\d+)/",  # size of the translated code at present
    "buffer-bytes": r"gen code size +\d+/(\d+)",  # capacity of its buffer
    "tbs": r"TB count +(\d+)",  # translated blocks at present
    "tb-flushes": r"TB flush count +(\d+)",  # how often the full buffer was emptied
    "tb-invalidations": r"TB invalidate count +(\d+)",  # blocks dropped because the guest wrote to their code
    "tlb-full-flushes": r"TLB full flushes +(\d+)",
    "tlb-partial-flushes": r"TLB partial flushes +(\d+)",
    "tlb-elided-flushes": r"TLB elided flushes +(\d+)",
}
"""Counter to its pattern in the text of ``info jit`` (dump_exec_info in QEMU's accel/tcg/monitor.c)."""

_JIT: Final = {name: re.compile(f"^{pattern}", re.MULTILINE) for name, pattern in JIT.items()}

HAS_QUERY_ACCELERATORS: Final = (10, 2)
HAS_QUERY_STATS: Final = (7, 1)
HAS_QUERY_JIT: Final = (7, 2)

NOTHING: Final[Mapping[str, object]] = {}
INFO_JIT: Final = ("human-monitor-command", {"command-line": "info jit"})
"""For QEMUs before 7.2, which have it only in the human monitor."""


MAX_DIGITS: Final = 20
"""Digits of the largest counter."""

MAX_COUNT: Final = (1 << 64) - 1
"""Largest value of a counter: QEMU keeps them in 64 bits (qapi/stats.json; size_t in accel/tcg/monitor.c)."""


class ImplausibleError(QemuError):
    """QEMU answered with a number that no counter can have, or in another form than QEMU answers."""


def jit(text: str) -> dict[str, float]:
    r"""The counters in the output of ``info jit``; empty if TCG does not run.

    Units are bytes (names that end in -bytes) and events or blocks since QEMU started. Raises
    ImplausibleError for numbers that no counter can have.

    >>> jit("gen code size       29939/1073736704\nTB count            64\n")
    {'code-bytes': 29939.0, 'buffer-bytes': 1073736704.0, 'tbs': 64.0}
    """
    matches = ((name, pattern.search(text)) for name, pattern in _JIT.items())
    return {name: _plausible(name, _number(match[1])) for name, match in matches if match}


def _number(digits: str) -> object:
    return int(digits) if len(digits) <= MAX_DIGITS else digits


def _plausible(name: str, value: object) -> float:
    """``value`` as a counter. Raises ImplausibleError unless it is a number from 0 to :data:`MAX_COUNT`."""
    if not isinstance(value, (int, float)) or not 0 <= value <= MAX_COUNT:  # which also refuses NaN
        raise ImplausibleError(f"the counter {name} is {shown(value)}, not a number from 0 to {MAX_COUNT}")
    return float(value)


def stats(answer: Iterable[Mapping[str, Any]], target: str) -> dict[str, float]:
    """The counters in an answer to ``query-stats``, summed over all vCPUs, their names after ``target``.

    Leaves out histograms, which are lists. Schema: qapi/stats.json in QEMU's sources. Raises
    ImplausibleError for numbers that no counter can have.

    >>> stats([{"provider": "kvm", "stats": [{"name": "exits", "value": 7}]}], "vcpu")
    {'vcpu.exits': 7.0}
    """
    sums: dict[str, float] = {}
    for entry in answer:
        for counter in entry["stats"]:
            if isinstance(counter["value"], (int, float)):
                name = f"{target}.{counter['name']}"
                sums[name] = sums.get(name, 0.0) + _plausible(name, counter["value"])
    return sums


def ask(qmp: Qmp, candidates: Sequence[str]) -> tuple[str, dict[str, float]]:
    """The accelerator that runs and its counters; both empty if this QEMU cannot tell.

    ``candidates`` are the accelerators of QEMU's command line; a single one is the one that runs. Old
    QEMUs cannot name TCG, but only TCG has the counters of ``info jit``, so these reveal it. Raises
    QemuError if QEMU is gone, ImplausibleError for answers that cannot be true.
    """
    try:
        return _ask(qmp, candidates)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise ImplausibleError(f"QEMU's answers have another form than QEMU's: {error!r}") from None


def _ask(qmp: Qmp, candidates: Sequence[str]) -> tuple[str, dict[str, float]]:
    release = qmp.greeting["version"].get("qemu", {})
    version = (int(release.get("major", 0)), int(release.get("minor", 0)))
    knows = version >= HAS_QUERY_ACCELERATORS
    tcg_only = tuple(candidates) == ("tcg",)
    questions: list[Command] = [] if tcg_only else [("query-accelerators" if knows else "query-kvm", NOTHING)]
    if not candidates or "tcg" in candidates:
        questions.append(("x-query-jit", NOTHING) if version >= HAS_QUERY_JIT else INFO_JIT)
    answers = qmp.exchange(*questions)  # all at once: each round trip wakes up QEMU and this process
    running = "tcg" if tcg_only else _enabled(answers.pop(0))
    running = running or (candidates[0] if len(candidates) == 1 else "")
    if running == "kvm":
        return running, _kvm(qmp, version)
    if running not in ("", "tcg") or not answers:
        return running, {}
    (answer,) = answers
    if not isinstance(answer, QmpError):
        counters = jit(answer if isinstance(answer, str) else answer["human-readable-text"])
        return ("tcg" if counters else running), counters
    if running:
        raise answer
    return "", {}  # QEMU refuses the command because TCG does not run


def _enabled(answer: QmpError | Mapping[str, Any]) -> str:
    if isinstance(answer, QmpError):
        raise answer
    enabled = answer["enabled"]  # query-accelerators: its name; query-kvm: whether it is KVM
    if isinstance(enabled, str) and re.fullmatch(r"[a-z0-9_-]{1,32}", enabled) is None:
        raise ImplausibleError(f"the accelerator that runs is {shown(enabled)}, which is not a name")
    return enabled if isinstance(enabled, str) else "kvm" if enabled else ""


def _kvm(qmp: Qmp, version: tuple[int, int]) -> dict[str, float]:
    if version < HAS_QUERY_STATS:
        return {}
    counters: dict[str, float] = {}
    targets = ("vm", "vcpu")
    answers = qmp.exchange(*(("query-stats", {"target": target}) for target in targets))
    for target, answer in zip(targets, answers, strict=True):
        if isinstance(answer, QmpError):
            raise answer
        counters |= stats(cast("list[dict[str, Any]]", answer), target)
    return counters

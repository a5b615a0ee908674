"""What QEMU counts of itself: translations, flushes, KVM's exits; and which accelerator runs.

Counts need no statistics: they are the same on a quiet host and on a busy one, and say why one
setting is slower than another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, cast

from accelkit.qemu.qmp import Command, Qmp, QmpError

JIT: Final = {
    "code-bytes": r"gen code size +(\d+)/",  # translated code, now
    "buffer-bytes": r"gen code size +\d+/(\d+)",  # how much of it the buffer holds
    "tbs": r"TB count +(\d+)",  # blocks, now
    "tb-flushes": r"TB flush count +(\d+)",  # how often the full buffer was emptied
    "tb-invalidations": r"TB invalidate count +(\d+)",  # blocks dropped because their code was written
    "tlb-full-flushes": r"TLB full flushes +(\d+)",
    "tlb-partial-flushes": r"TLB partial flushes +(\d+)",
    "tlb-elided-flushes": r"TLB elided flushes +(\d+)",
}
"""Counter to where it stands in the text of ``info jit`` (accel/tcg/monitor.c, dump_exec_info)."""

_JIT: Final = {name: re.compile(f"^{pattern}", re.MULTILINE) for name, pattern in JIT.items()}

HAS_QUERY_ACCELERATORS: Final = (10, 2)
HAS_QUERY_STATS: Final = (7, 1)
HAS_QUERY_JIT: Final = (7, 2)

NOTHING: Final[Mapping[str, object]] = {}
INFO_JIT: Final = ("human-monitor-command", {"command-line": "info jit"})
"""The same where only the monitor for humans has it."""


def jit(text: str) -> dict[str, float]:
    r"""The counters in what ``info jit`` prints; none if TCG does not run.

    Bytes or counts, since QEMU started.

    >>> jit("gen code size       29939/1073736704\nTB count            64\n")
    {'code-bytes': 29939.0, 'buffer-bytes': 1073736704.0, 'tbs': 64.0}
    """
    found = ((name, pattern.search(text)) for name, pattern in _JIT.items())
    return {name: float(match[1]) for name, match in found if match}


def stats(answer: Iterable[Mapping[str, Any]], of: str) -> dict[str, float]:
    """The counters in an answer to ``query-stats``, summed up over all vCPUs; ``of`` goes in front.

    Histograms, which are lists, are left out. The schema: qapi/stats.json in QEMU's sources.

    >>> stats([{"provider": "kvm", "stats": [{"name": "exits", "value": 7}]}], "vcpu")
    {'vcpu.exits': 7.0}
    """
    sums: dict[str, float] = {}
    for entry in answer:
        for each in entry["stats"]:
            if isinstance(each["value"], (int, float)):
                name = f"{of}.{each['name']}"
                sums[name] = sums.get(name, 0.0) + each["value"]
    return sums


def ask(qmp: Qmp, asked: Sequence[str]) -> tuple[str, dict[str, float]]:
    """Which accelerator runs, and its counters; empty where that QEMU cannot tell.

    ``asked`` are the accelerators of its command line: if it is one, that one runs. TCG alone shows
    by its counters, and no other accelerator has these. Raises QemuError if QEMU is gone.
    """
    release = qmp.greeting["version"].get("qemu", {})
    version = (int(release.get("major", 0)), int(release.get("minor", 0)))
    knows = version >= HAS_QUERY_ACCELERATORS
    alone = tuple(asked) == ("tcg",)
    questions: list[Command] = [] if alone else [("query-accelerators" if knows else "query-kvm", NOTHING)]
    if not asked or "tcg" in asked:
        questions.append(("x-query-jit", NOTHING) if version >= HAS_QUERY_JIT else INFO_JIT)
    answers = qmp.exchange(*questions)  # at once: a round trip wakes QEMU up, and us
    running = "tcg" if alone else _enabled(answers.pop(0))
    running = running or (asked[0] if len(asked) == 1 else "")
    if running == "kvm":
        return running, _kvm(qmp, version)
    if running not in ("", "tcg") or not answers:
        return running, {}
    (said,) = answers
    if not isinstance(said, QmpError):
        counted = jit(said if isinstance(said, str) else said["human-readable-text"])
        return ("tcg" if counted else running), counted
    if running:
        raise said
    return "", {}  # TCG does not run, or there would be something to tell


def _enabled(answer: QmpError | Mapping[str, Any]) -> str:
    if isinstance(answer, QmpError):
        raise answer
    enabled = answer["enabled"]  # query-accelerators names it, query-kvm says whether it is KVM
    return enabled if isinstance(enabled, str) else "kvm" if enabled else ""


def _kvm(qmp: Qmp, version: tuple[int, int]) -> dict[str, float]:
    if version < HAS_QUERY_STATS:
        return {}
    counted: dict[str, float] = {}
    targets = ("vm", "vcpu")
    answers = qmp.exchange(*(("query-stats", {"target": target}) for target in targets))
    for target, answer in zip(targets, answers, strict=True):
        if isinstance(answer, QmpError):
            raise answer
        counted |= stats(cast("list[dict[str, Any]]", answer), target)
    return counted

"""A result with known effects, made without chance: thread, tb-size, failures, several builds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from accelkit.host.identity import Host
from accelkit.study.model import Build, Record, Trial, stored_configuration
from accelkit.study.plan import Plan, StoredGuest
from accelkit.study.result import Result

HOST = Host("box", "1a2b3c4d", "Linux 6.1.0 x86_64", "Example CPU @ 2.60GHz", 2, "performance")
INFO = {
    "measured": "2025-01-02 03:04 UTC",
    "host": "box (1a2b3c4d)",
    "kernel": HOST.kernel,
    "CPU": f"{HOST.cpus} × {HOST.cpu}",
    "frequency governor": HOST.governor,
    "accelkit": "0.1.0",
    "command": "accelkit study 'tcg,tb-size={1,8,32}' --guest smp --blocks 20 --store tcg.sqlite",
}
REFUSED = "qemu-system-x86_64: -accel tcg,tb-size=32: Property 'tcg-accel.<b>' *not* found"
BASE = 25_000_000.0


def sweep(sizes: Sequence[int] = (1, 8, 32), threads: Sequence[str] = ("single", "multi")) -> list[str]:
    return ["tcg", *(f"tcg,tb-size={size},thread={thread}" for size in sizes for thread in threads)]


def factor(trial: Trial) -> float:
    """How many times as long as the baseline the trial takes."""
    point = trial.configuration
    if trial.guest == "tb-thrash" and ("tb-size=1," in f"{point}," or "tb-size=8," in f"{point},"):
        return 63.0
    if "multi" in point:
        return {"smp": 1 / 1.7, "smplock": 5.3}.get(trial.guest, 1.0)
    return 1.0


def counted(trial: Trial) -> dict[str, float]:
    small = {"tb-size=1": 55.0, "tb-size=8": 6.0} if trial.guest == "tb-thrash" else {}
    flushes = sum(small.get(word, 0.0) for word in trial.configuration.split(","))
    return {"tb-flushes": flushes, "tbs": 1200.0 + trial.block, "code-bytes": 19.5 * 1024 * 1024}


def wobble(trial: Trial) -> float:
    """A number from 0 to 1 that looks random and is the same on every machine: from the trial's id."""
    return int(trial.id, 16) % 1009 / 1009


def known_result(
    points: Sequence[str] | None = None,
    guests: Sequence[str] = ("smp", "smplock", "tb-thrash"),
    builds: Mapping[str, float] | None = None,
    blocks: int = 20,
    noise: float = 0.004,
    failing: Sequence[tuple[str, str]] = (),
    baseline: str = "tcg",
) -> Result:
    """The result. ``builds`` maps names to factors of time; ``failing`` are the guests and configurations that QEMU refuses."""
    slow = builds or {"7.2.22": 1.0}
    plan = Plan(
        [Build(name, (f"qemu-{name}",), f"{name} (Debian)") for name in slow],
        [stored_configuration(text, ("-accel", text)) for text in (sweep() if points is None else points)],
        [StoredGuest(name, f"{name} 1000") for name in guests],
        baseline,
    )
    records: list[Record] = []
    for block in range(blocks):
        for trial in plan.block(block):
            started = 1735787045.0 + len(records)
            if (trial.guest, trial.configuration) in failing:
                records.append(
                    Record(trial, "refused", why="it does not take the options", status=1, stderr=f"{REFUSED}\n",
                           started=started)
                )  # fmt: skip
                continue
            value = BASE * slow[trial.build] * factor(trial) * (1 + noise * wobble(trial))
            records.append(
                Record(trial, "ok", value=round(value), wall=0.5, user=0.45, system=0.02, max_rss=40_000,
                       accelerator="tcg", counters=counted(trial), started=started, load=0.4)
            )  # fmt: skip
    return Result(plan, tuple(records), INFO, HOST)


FAILING = ("smplock", "tcg,tb-size=32,thread=multi")

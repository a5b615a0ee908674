"""``accelkit demo``: from a recipe to a measured ratio, once through all of accelkit."""

from __future__ import annotations

from statistics import median
from typing import Any, Final

from accelkit.checking.check import check
from accelkit.guests import guest
from accelkit.measure.plain_boot import boot
from accelkit.qemu.binary import find
from accelkit.recipes.domains import run, split
from accelkit.recipes.recipe import Recipe
from accelkit.recipes.render import render, shell
from accelkit.recipes.table import kernel_irqchip, kvm, notify, shadow_mem, tb_size, tcg
from accelkit.schemas import all_captured
from accelkit.schemas.probe import probe
from accelkit.schemas.schema import Schema

ROUNDS: Final = 5
#: Translates more code than a cache of 1 MiB holds, and still ends within seconds.
GUEST: Final = guest("tb-thrash").with_work(n=1, slices=4)
SMALL: Final = tcg() | tb_size(1)
LARGE: Final = tcg() | tb_size(64)


def run_demo(qemu: str | None) -> int:
    """Compose, check and boot the example, and print the ratio; 0 when all boots did their work, else 1."""
    tuned = kvm() | shadow_mem("64MiB") | kernel_irqchip(split) | notify(run, window=1000)
    print("compose  kvm() | shadow_mem('64MiB') | kernel_irqchip(split) | notify(run, window=1000)")
    print(f"render   {shell(tuned)}")
    command = find(qemu)
    installed = probe(command)
    for schema in (*all_captured(), installed):
        _print_check(tuned, schema, "installed here: " if schema is installed else "")
    print(f"run      a guest of 50,000 blocks of code, {ROUNDS} times in turn on {installed.name}:")
    ratios: list[float] = []
    for turn in range(1, ROUNDS + 1):
        times: list[int] = []
        for recipe in (SMALL, LARGE):
            outcome = boot(command, render(recipe), GUEST)
            if not outcome.ok:
                print(f"         {shell(recipe)}: {outcome.cause}: {outcome.why}")
                return 1
            times.append(min(part.ticks for part in outcome.report.slices))
        ratios.append(times[0] / times[1])
        print(f"         {turn}: {shell(SMALL)} takes {ratios[-1]:.1f} times as long as {shell(LARGE)}")
    print(
        f"answer   tb-size=1 / tb-size=64: {median(ratios):.1f} times as long (median of {ROUNDS} pairs, "
        f"{min(ratios):.1f} to {max(ratios):.1f}): this guest's code needs a larger cache"
    )
    return 0


def _print_check(recipe: Recipe[Any], schema: Schema, where: str) -> None:
    problems = check(recipe, schema)
    print(f"check    {where}{schema.name}: {'accepted' if not problems else ''}")
    for problem in problems:
        print(f"         {problem.kind}: {problem}")

"""``accelkit demo``: from a recipe to a measured ratio, once through all of accelkit."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any, Final

from accelkit.checking.across import releases_of, said_once
from accelkit.checking.check import verdict
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
    _print_checks(tuned, all_captured(), "")
    _print_checks(tuned, [installed], ", which is installed here")
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


def _print_checks(recipe: Recipe[Any], schemas: Sequence[Schema], where: str) -> None:
    """Print which QEMUs accept the recipe, and every problem once."""
    verdicts = [verdict(recipe, schema) for schema in schemas]
    for accepted, word in ((True, "✓ accepted"), (False, "✗ refused")):
        places = [place for place, answer in enumerate(verdicts) if answer.accepted is accepted]
        if places:
            print(f"check    {word} by QEMU {releases_of(places, schemas)}{where}")
    for problem, places in said_once([verdicts], schemas):
        on = f"QEMU {releases_of(places[0], schemas)}: " if len(schemas) > 1 else ""
        print(f"         {on}{problem}")

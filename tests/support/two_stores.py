"""Two stores and their comparison, as golden files have it: one week apart, of two QEMUs, with hostile names."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from support.stores import BEGUN, BOX, DAY, study_store

from accelkit.study.across.compare import StoreComparison, compare_stores
from accelkit.study.across.trend import Trend, trend

OLD = {"tcg": 1.0, "tcg,thread=single": 1.2, "tcg,tb-size=8": 2.0, "tcg,split-wx=on": 1.01}
NEW = {
    "tcg": 0.9, "tcg,thread=single": 1.2, "tcg,tb-size=8": 1.8, "kvm": 0.1,
    "tcg on <b>*smp*": 0.905, "tcg,thread=single on <b>*smp*": 1.6,
}  # fmt: skip
GUESTS = ("cpu", "<b>*smp*")


@contextmanager
def in_folder(folder: Path) -> Generator[None]:
    """A block in ``folder``, so that stores have short names."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def two_stores(folder: Path) -> tuple[str, str]:
    """The names of the two, in ``folder``."""
    study_store(folder / "qemu-7.2.sqlite", OLD, guests=GUESTS, digest="1" * 32)
    study_store(
        folder / "qemu-11.1.sqlite", NEW, guests=GUESTS, version="11.1.3", digest="2" * 32, seed=2,
        created=BEGUN + 7 * DAY, host=replace(BOX, kernel="Linux 6.12.0 x86_64"),
        failing=lambda trial: trial.configuration == "tcg,tb-size=8" and trial.guest == "cpu" and trial.block % 3 > 0,
    )  # fmt: skip
    return "qemu-7.2.sqlite", "qemu-11.1.sqlite"


def known_comparison(folder: Path) -> StoreComparison:
    """Their comparison."""
    stores = two_stores(folder)
    with in_folder(folder):
        return compare_stores(*stores)


def nights(folder: Path, count: int = 14, change: int = 9) -> list[str]:
    """The names of the stores of so many nights; from night ``change`` on, with another QEMU, one configuration is slower."""
    names: list[str] = []
    for night in range(count):
        slower = 1.15 if night >= change else 1.0
        truth = {"tcg": 1.0, "tcg,thread=single": 1.2 * slower * (1 + 0.004 * (night * 7 % 5 - 2))}
        names.append(f"night-{night:02}.sqlite")
        study_store(
            folder / names[-1], truth, blocks=12, seed=night, created=BEGUN + night * DAY, speed=1 + 0.02 * (night * 3 % 7),
            version="11.1.3" if night >= change else "7.2.22",
        )  # fmt: skip
    return names


def known_trend(folder: Path, count: int = 14) -> Trend:
    """Their trend."""
    stores = nights(folder, count)
    with in_folder(folder):
        return trend(stores)

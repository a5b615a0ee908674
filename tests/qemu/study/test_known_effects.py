"""Real studies find effects that are known to exist.

On a busy host a verdict may stay ``undecided``, but it must never be wrong. The fastest runs must show the
effect on any host, because another load cannot make a run faster.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.releases import release

from accelkit import each, multi, on, one_insn_per_tb, single, tb_size, tcg, thread
from accelkit.study import study
from accelkit.study.model import Record
from accelkit.study.result import Result

pytestmark = [pytest.mark.qemu, pytest.mark.xdist_group("effects")]  # its tests share their studies

NEEDED = ("7.2", "10.0")

HOLD_BLOCKS = 4
"""Blocks that QEMU may or may not have translated when it is queried.

It is queried when the guest rings its bell, and the guest runs on meanwhile: jmp, cli, hlt, jmp (guest.S).
"""
BLOCK_BYTES = 1024
"""More bytes of the host's code than a block of one such instruction has; 320 were measured."""


@pytest.fixture(scope="module")
def qemus() -> dict[str, tuple[str, ...]]:
    return {series: release(series).command for series in NEEDED}


def row_of(result: Result, guest: str, configuration: str, build: str) -> Any:
    (row,) = (
        row
        for row in result.comparisons
        if (row.guest, row.configuration) == (guest, configuration) and row.build.startswith(build)
    )
    return row


@pytest.fixture(scope="module")
def threads(qemus: dict[str, tuple[str, ...]], tmp_path_factory: pytest.TempPathFactory) -> Result:
    return study(
        tcg() | thread(each(single, multi)),
        ["smplock"],
        qemu=[qemus[version] for version in NEEDED],
        blocks=8,
        run_seconds=0.15,
        race=False,
        store=str(tmp_path_factory.mktemp("threads") / "threads.sqlite"),
        timeout=600,  # only bounds a hang: with a small cache a busy host takes a minute for three slices
        watch=False,
    )


@pytest.mark.parametrize("build", NEEDED)
def test_a_contended_lock_is_slower_with_a_thread_for_each_vcpu(threads: Result, build: str) -> None:
    row = row_of(threads, "smplock", "tcg,thread=multi", build)
    assert row.pairs == 8
    assert row.verdict in ("slower", "undecided")
    assert row.undisturbed > 1.3, row


@pytest.fixture(scope="module")
def caches(qemus: dict[str, tuple[str, ...]], tmp_path_factory: pytest.TempPathFactory) -> Result:
    return study(
        tcg() | tb_size(each(1, 8, 64, 256)),
        ["tb-thrash"],
        baseline=tcg() | tb_size(256),
        qemu=[qemus[version] for version in NEEDED],
        blocks=8,
        run_seconds=0.15,
        race=False,
        store=str(tmp_path_factory.mktemp("caches") / "caches.sqlite"),
        timeout=600,  # only bounds a hang: with a small cache a busy host takes a minute for three slices
        watch=False,
    )


@pytest.mark.parametrize("build", NEEDED)
def test_a_cache_below_the_working_set_is_many_times_slower_and_flushed(caches: Result, build: str) -> None:
    small, enough = (row_of(caches, "tb-thrash", f"tcg,tb-size={size}", build) for size in (1, 64))
    assert small.verdict in ("slower", "undecided")
    assert small.undisturbed > 10  # hundreds of times on a host with nothing else in its caches
    assert small.undisturbed > 10 * enough.undisturbed

    def runs(size: int) -> list[Record]:
        """All runs with a cache of that size; those of a slow one may end early, with fewer slices."""
        return [
            record
            for record in caches.records
            if record.ok
            and record.trial.build.startswith(build)
            and record.trial.configuration == f"tcg,tb-size={size}"
        ]

    flushes = {
        size: [record.counters["tb-flushes"] / len(record.slices) for record in runs(size)]
        for size in (1, 8, 64, 256)
    }
    assert min(flushes[1]) > max(flushes[8])
    assert min(flushes[8]) > 0
    assert {*flushes[64], *flushes[256]} == {0}
    # Above the working set, QEMU translates the same. A run that ends early has fewer blocks: the fullest
    # runs are compared, and the ranges of all runs overlap.
    for name, most in (("tbs", HOLD_BLOCKS), ("code-bytes", HOLD_BLOCKS * BLOCK_BYTES)):
        one, other = ([record.counters[name] for record in runs(size)] for size in (64, 256))
        assert min(one) <= max(other), (one, other)
        assert min(other) <= max(one), (one, other)
        assert abs(max(one) - max(other)) <= most, (one, other)
    assert min(record.counters["tbs"] for record in runs(64)) > 10_000


def test_the_report_says_how_large_a_cache_the_guest_needs(caches: Result) -> None:
    assert "at least 64 MiB" in str(caches), str(caches)


def test_one_instruction_per_block_is_many_times_slower(
    qemus: dict[str, tuple[str, ...]], tmp_path: Path
) -> None:
    result = study(
        tcg() | one_insn_per_tb(on),
        ["cpu"],
        baseline=tcg(),
        qemu=[qemus["10.0"]],
        blocks=6,
        run_seconds=0.1,
        store=str(tmp_path / "insn.sqlite"),
        timeout=600,  # only bounds a hang: with a small cache a busy host takes a minute for three slices
        watch=False,
    )
    (row,) = result.comparisons
    assert row.verdict in ("slower", "undecided")
    assert row.undisturbed > 10
    assert result.best("cpu").recipe == tcg()

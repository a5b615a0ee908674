"""The fewest blocks that can decide a study are those with which its verdicts are decided."""

from __future__ import annotations

from pathlib import Path

import pytest

from accelkit.guests.catalogue import guest
from accelkit.guests.makers import linux
from accelkit.study.analysis.compare import compare, compare_builds
from accelkit.study.analysis.families import families, workloads
from accelkit.study.model import Record, Trial
from accelkit.study.standards import Standards

USUAL = Standards()


@pytest.mark.parametrize("shape", [(2, 1, 1), (3, 2, 1), (11, 1, 1), (2, 1, 2), (1, 2, 2), (3, 1, 3)])
@pytest.mark.parametrize("anytime", [False, True])
@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_the_fewest_blocks_are_those_of_the_verdicts(shape, anytime: bool, confidence: float) -> None:
    """Of an overwhelming effect: one block fewer leaves the comparisons undecided."""
    points, guests, builds = shape
    compared = families(points, guests, builds, Standards(0.01, confidence, anytime))

    def rows(blocks: int, of: str):
        records = [
            Record(
                Trial(f"b{build}", f"g{work}", f"c{point}", block, 0),
                "ok",
                value=float(10 ** (point + build)),
            )
            for build in range(builds)
            for work in range(guests)
            for point in range(points)
            for block in range(blocks)
        ]
        judge, base = (compare, "c0") if of == "configurations" else (compare_builds, "b0")
        return judge(records, base, delta=0.01, confidence=confidence, anytime=anytime)

    assert compared
    for family in compared:
        few, enough = rows(family.fewest - 1, family.of), rows(family.fewest, family.of)
        assert len(enough) == family.comparisons
        assert {row.verdict for row in few} == {"undecided"}
        assert {row.verdict for row in enough} == {"slower"}


def test_intervals_for_any_time_need_more_blocks() -> None:
    assert families(2, 1, 1, USUAL)[0].fewest == 6
    assert families(2, 1, 1, Standards(anytime=True))[0].fewest == 8


def test_each_phase_of_a_guest_is_compared_like_a_guest(tmp_path: Path) -> None:
    kernel = tmp_path / "vmlinuz"
    kernel.write_bytes(b"")
    boot = linux(str(kernel), until="login:", phases={"kernel": "Linux version", "userland": "Run /init"})
    assert workloads([]) == 0
    assert workloads(["cpu", guest("smp"), boot]) == 5
    compared = families(3, workloads([boot]), 1, USUAL)
    records = [
        Record(
            Trial("7.2", "linux", f"c{point}", block, 0),
            "ok",
            value=2.0,
            phases={"kernel": 1.0, "userland": 1.0},
        )
        for point in range(3)
        for block in range(2)
    ]
    assert compared[0].comparisons == len(compare(records, "c0")) == 6

"""Comparisons host by host: pairs within a host, hosts of different speed, hosts that contradict each other."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from support import simulate

from accelkit.host.identity import Host
from accelkit.study.analysis.by_host import compare_by_host, contradictions
from accelkit.study.analysis.cautions import cautions
from accelkit.study.analysis.compare import compare
from accelkit.study.analysis.panel import panel
from accelkit.study.model import Record
from accelkit.study.standards import Standards

HOSTS = {name: Host(name, name, "Linux 6.1", "Some CPU", 4) for name in ("a", "b")}


def on_hosts(
    speeds: Mapping[str, float], blocks: int = 24, effects: Mapping[str, float] | None = None, seed: int = 1
) -> list[Record]:
    """Records of a study whose blocks went to hosts in turn: each host so many times as slow, its effect as given."""
    rng = np.random.default_rng(seed)
    records = simulate.study({"tcg": 1.0, "x": 0.8}, blocks, simulate.QUIET, rng)
    names = sorted(speeds)
    moved: list[Record] = []
    for record in records:
        host = names[record.trial.block % len(names)]
        effect = (effects or {}).get(host, 1.0) if record.trial.configuration == "x" else 1.0
        moved.append(replace(record, host=host, value=(record.value or 0) * speeds[host] * effect))
    return moved


def test_hosts_of_different_speed_give_the_ratio_of_one_host() -> None:
    one = compare([replace(record, host="") for record in on_hosts({"a": 1.0})], "tcg")[0]
    mixed = compare(on_hosts({"a": 1.0, "b": 5.0}), "tcg")[0]
    assert mixed.verdict == one.verdict == "faster"
    assert mixed.doubts == ()
    assert mixed.ratio == pytest.approx(one.ratio, rel=0.01)
    assert mixed.undisturbed == pytest.approx(one.undisturbed, rel=0.01)


def test_a_block_that_two_hosts_measured_is_no_pair() -> None:
    records = on_hosts({"a": 1.0}, blocks=8)
    split = [
        replace(record, host="b", value=(record.value or 0) * 9)
        if record.trial.block == 3 and record.trial.configuration == "x"
        else record
        for record in records
    ]
    table = panel(split)
    assert table.hosts == ("a",) * 8 + ("b",)
    assert table.blocks == (*range(8), 3)
    row = compare(split, "tcg")[0]
    assert (row.pairs, row.unpaired) == (7, 2)
    assert row.high < 0.85


def test_one_host_has_no_comparisons_by_host() -> None:
    table = panel(on_hosts({"a": 1.0}))
    assert table.hosts == ()
    assert compare_by_host(table, "tcg", Standards()) == ()


def test_a_host_with_few_blocks_has_no_interval() -> None:
    records = [
        record for record in on_hosts({"a": 1.0, "b": 1.0}) if record.host == "a" or record.trial.block < 4
    ]
    rows = {row.host: row for row in compare_by_host(panel(records), "tcg", Standards())}
    assert (rows["a"].pairs, rows["b"].pairs) == (12, 2)
    assert rows["a"].high < 1
    assert (rows["b"].low, rows["b"].high) == (0.0, math.inf)


def test_hosts_that_contradict_each_other_are_found_and_told() -> None:
    records = on_hosts({"a": 1.0, "b": 5.0}, effects={"b": 1.5})
    rows = compare_by_host(panel(records), "tcg", Standards())
    (found,) = contradictions(rows)
    assert (found.one.host, found.other.host) == ("a", "b")
    (caution,) = (
        caution
        for caution in cautions(records, HOSTS["a"], (), HOSTS, (found,))
        if caution.kind == "effect differs by host"
    )
    assert "x on cpu takes 0.8" in caution.observation


def test_hosts_that_agree_do_not_contradict_each_other() -> None:
    """At most 5 of 100 studies may find a difference where there is none; these find none in 40."""
    found = [
        contradictions(compare_by_host(panel(on_hosts({"a": 1, "b": 2}, seed=seed)), "tcg", Standards()))
        for seed in range(40)
    ]
    assert sum(map(bool, found)) <= simulate.at_most(0.05, 40) * 40


def test_hosts_of_two_kinds_are_a_caution() -> None:
    records = on_hosts({"a": 1.0, "b": 1.0})
    alike = cautions(records, HOSTS["a"], (), HOSTS)
    other = HOSTS | {"b": replace(HOSTS["b"], cpus=8, kernel="Linux 6.12")}
    differing = cautions(records, HOSTS["a"], (), other)
    assert "hosts differ" not in {caution.kind for caution in alike}
    (caution,) = (caution for caution in differing if caution.kind == "hosts differ")
    assert "number of CPUs: 4 on a, 8 on b; kernel: Linux 6.1 on a, Linux 6.12 on b" in caution.observation


def test_drift_is_that_of_each_host() -> None:
    """A host that is slower than another, and gets the later blocks, is no drift."""
    records = [replace(record, host="") for record in on_hosts({"a": 1.0}, blocks=24)]
    late = [
        replace(record, host="b", value=(record.value or 0) * 3) if record.trial.block >= 12 else record
        for record in records
    ]
    assert panel(late).drift() == 0
    assert panel([replace(record, host="") for record in late]).drift() > 0.5
    assert np.nanmax(panel(late).behind_fastest()) < 0.1

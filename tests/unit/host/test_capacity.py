"""How much a host has: memory, its limit in a cgroup, nested paging."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit.host import capacity
from accelkit.host.capacity import Capacity, this_capacity


@given(st.integers(1, 1 << 50), st.none() | st.integers(1, 1 << 50))
def test_what_may_be_used_is_never_more_than_the_memory_nor_than_the_limit(
    memory: int, limit: int | None
) -> None:
    usable = Capacity(memory, limit).usable
    assert usable in (memory, limit)
    assert usable <= min(memory, limit or memory)


def test_this_host_has_the_memory_that_the_kernel_says() -> None:
    told = Path("/proc/meminfo").read_text().split()[1]
    assert this_capacity().memory == int(told) * 1024


@pytest.mark.parametrize(
    ("files", "limit"),
    [
        ({}, None),
        ({"a/memory.max": "max", "a/b/memory.max": "max"}, None),
        ({"a/memory.max": "4096", "a/b/memory.max": "max"}, 4096),
        ({"a/memory.max": "4096", "a/b/memory.max": "2048"}, 2048),
        ({"memory.max": "1024", "a/b/memory.max": "2048"}, 1024),
        ({"a/b/memory.max": "?"}, None),
    ],
)
def test_the_limit_is_the_smallest_of_the_own_cgroup_and_those_above(
    files: dict[str, str], limit: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    for name, text in files.items():
        (tmp_path / name).write_text(f"{text}\n")
    real = capacity.read_fact
    monkeypatch.setattr(capacity, "CGROUPS", str(tmp_path))
    monkeypatch.setattr(
        capacity, "read_fact", lambda path: "0::/a/b\n" if path == "/proc/self/cgroup" else real(path)
    )
    assert this_capacity().limit == limit


@pytest.mark.parametrize(
    ("ept", "npt", "nested"),
    [("Y", "", True), ("", "1", True), ("N", "", False), ("", "0", False), ("", "", None), ("?", "", None)],
)
def test_nested_paging_is_what_the_loaded_module_of_kvm_says(
    ept: str, npt: str, nested: bool | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [tmp_path / "ept", tmp_path / "npt"]
    for path, text in zip(paths, (ept, npt), strict=True):
        if text:
            path.write_text(f"{text}\n")
    monkeypatch.setattr(capacity, "NESTED_PAGING", tuple(map(str, paths)))
    assert this_capacity().nested_paging is nested


def test_a_system_that_does_not_say_has_1_gib(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("os.sysconf")
    assert this_capacity().memory == 1 << 30

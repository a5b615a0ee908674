"""The identity of a host: what may change between the runs of a study, and what may not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from accelkit.host import identity
from accelkit.host.identity import Host, host_changes, this_host

HOST = Host("old", "00c0ffee", "Linux 6.1.0 x86_64", "Some CPU", 4, "performance")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"machine": "1"}, "host: old (00c0ffee) in the store, old (1) here"),
        ({"kernel": "Linux 6.2"}, "kernel: Linux 6.1.0 x86_64 in the store, Linux 6.2 here"),
        ({"cpu": "Other"}, "CPU: Some CPU in the store, Other here"),
        ({"cpus": 2}, "number of CPUs: 4 in the store, 2 here"),
    ],
)
def test_each_change_that_forbids_a_comparison_is_one_reason(change: dict[str, object], reason: str) -> None:
    assert host_changes(HOST, replace(HOST, **change)) == (reason,)  # type: ignore[arg-type]


def test_the_name_and_the_governor_may_change() -> None:
    assert host_changes(HOST, replace(HOST, name="renamed", governor="powersave")) == ()


def test_this_host_is_the_same_each_time() -> None:
    assert host_changes(this_host(), this_host()) == ()
    assert len(this_host().machine) == 8


def test_the_machine_id_is_hashed_and_the_first_file_with_one_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty, secret = tmp_path / "empty", tmp_path / "machine-id"
    empty.write_text("\n")
    secret.write_text("5ec7e7\n")
    monkeypatch.setattr(identity, "MACHINE_IDS", (str(tmp_path / "absent"), str(empty), str(secret)))
    machine = this_host().machine
    assert "5ec7e7" not in machine
    secret.write_text("another\n")
    assert this_host().machine != machine


def test_without_a_machine_id_the_host_name_identifies_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "MACHINE_IDS", ())
    names = iter(("a", "a", "b"))
    monkeypatch.setattr(identity.platform, "node", lambda: next(names))
    first, second, third = (this_host().machine for _ in range(3))
    assert first == second != third

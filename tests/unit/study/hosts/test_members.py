"""Workers and the machines that they are on."""

from __future__ import annotations

from typing import Any

from accelkit.host.identity import Host
from accelkit.study.hosts.doctor import Identity
from accelkit.study.hosts.members import Members

WORKERS: dict[str, dict[str, Any]] = {
    "tcp://1": {"last_seen": 1.0, "resources": {}},
    "tcp://2": {"last_seen": 1.0, "resources": {"qemu": 1}},
    "tcp://3": {"last_seen": 1.0, "resources": {}},
}


def identity(boot: str, name: str = "node") -> Identity:
    return Identity(Host(name, f"m{boot}", "Linux", "CPU", 4), boot, "1.0", "3.11")


def members(**boots: str) -> Members:
    made = Members("own", 60.0, {})
    made.seen(WORKERS, 0.0)
    for address, boot in boots.items():
        made.identified(f"tcp://{address[-1]}", identity(boot))
    return made


def test_many_workers_of_a_machine_are_one_host_and_one_that_declares_qemu_is_used() -> None:
    made = members(w1="x")
    (host,) = made.all("new")
    assert (host.worker, host.is_declared) == ("tcp://1", False)
    made = members(w2="x", w1="x")
    (host,) = made.all("new")
    assert (host.worker, host.is_declared, set(host.workers)) == ("tcp://2", True, {"tcp://1", "tcp://2"})


def test_two_machines_of_one_name_are_told_apart_and_the_own_host_has_no_name() -> None:
    made = members(w1="x", w2="y", w3="own")
    assert [host.name for host in made.all("new")] == ["node", "node (my)", ""]
    assert made.named("node (my)") is not None
    assert made.named("other") is None


def test_new_workers_and_hosts_whose_worker_is_gone() -> None:
    made = Members("own", 60.0, {})
    assert made.seen(WORKERS, 0.0) == (["tcp://1", "tcp://2", "tcp://3"], [])
    host = made.identified("tcp://1", identity("x"))
    assert host is not None
    host.state = "busy"
    assert made.seen({"tcp://2": WORKERS["tcp://2"]}, 1.0) == ([], [host])
    host.choose()
    assert (host.worker, host.state) == ("", "new")
    assert made.identified("tcp://1", identity("x")) is None  # gone by now
    assert made.identified("tcp://2", identity("x")) is host
    assert host.worker == "tcp://2"


def test_a_host_is_silent_when_its_worker_beats_no_more_and_back_when_it_does() -> None:
    made = members(w1="x")
    (host,) = made.all("new")
    host.state = "busy"
    made.seen(WORKERS, 50.0)
    assert made.silent(60.0) == []
    assert made.silent(61.0) == [host]
    host.state = "silent"
    assert made.back(61.0) == []
    made.seen(WORKERS | {"tcp://1": {"last_seen": 2.0}}, 70.0)
    assert made.back(71.0) == [host]


def test_it_is_hopeless_once_every_worker_is_left_out() -> None:
    made = Members("own", 60.0, left_out := {})
    assert not made.is_hopeless  # nobody is there yet
    made.seen(WORKERS, 0.0)
    for address, boot in (("tcp://1", "x"), ("tcp://2", "y")):
        host = made.identified(address, identity(boot))
        assert host is not None
        made.leave_out(host, "lacks QEMU")
    assert not made.is_hopeless  # the third has not said where it is
    made.refuse("tcp://3", "no accelkit")
    assert made.is_hopeless
    assert left_out == {"node": "lacks QEMU", "node (my)": "lacks QEMU", "worker tcp://3": "no accelkit"}


def test_a_host_that_is_left_out_stays_out_when_its_worker_starts_again() -> None:
    made = members(w1="x")
    (host,) = made.all("new")
    made.leave_out(host, "lacks QEMU")
    made.seen({"tcp://2": WORKERS["tcp://2"]}, 1.0)
    made.identified("tcp://2", identity("x"))
    assert host.state == "left out"

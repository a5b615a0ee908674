"""The hosts of a cluster: which workers are on which machine, what each host is doing, and which are left out. Pure."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from accelkit.host.identity import Host
from accelkit.study.hosts.doctor import Identity

State = Literal["new", "examined", "free", "busy", "silent", "left out"]
"""Of a host: not looked at yet; its doctor runs; waits for a block; has one; says nothing; is not used."""

RESOURCE: Final = "qemu"
"""The resource that a worker may declare (``--resources "qemu=1"``): of a host's workers those that do are used."""


@dataclass(slots=True)
class Member:
    """A host: the name that records have, its facts, its workers' addresses, and the worker that is used."""

    name: str
    host: Host
    boot: str
    workers: dict[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    worker: str = ""
    state: State = "new"
    block: str = ""  # the key of the task that has its block
    faults: int = 0  # in a row, without a record between them

    @property
    def is_declared(self) -> bool:
        """Whether the worker that is used declares :data:`RESOURCE`."""
        return RESOURCE in self.workers.get(self.worker, {}).get("resources", {})

    def choose(self) -> None:
        """Use the worker that declares the resource, else the first; the one that is used stays if it is there."""
        if self.worker not in self.workers:
            declared = [name for name, info in self.workers.items() if RESOURCE in info.get("resources", {})]
            self.worker = next(iter(declared or self.workers), "")
            self.state = self.state if self.state == "left out" else "new"


class Members:
    """All hosts by the kernel that runs there, and the workers that did not say yet where they are.

    A host has the name that it gives itself; the second of that name gets the digest of its machine, too. The study's
    own host, that of the kernel ``own``, has the empty name, as in records that it measured without a cluster.
    """

    def __init__(self, own: str, silence: float, left_out: MutableMapping[str, str]) -> None:
        self._own, self._silence = own, silence
        self._by_boot: dict[str, Member] = {}
        self._beats: dict[str, tuple[object, float]] = {}  # of each worker, and since when it is the same
        self._seen: dict[str, Mapping[str, Any]] = {}
        self.left_out = left_out
        """Why hosts, or workers that could not say where they are, are not used."""

    def all(self, *states: State) -> list[Member]:
        """The hosts in one of these states."""
        return [member for member in self._by_boot.values() if member.state in states]

    def named(self, name: str) -> Member | None:
        """The host of that name."""
        return next((member for member in self._by_boot.values() if member.name == name), None)

    def seen(self, workers: Mapping[str, Mapping[str, Any]], now: float) -> tuple[list[str], list[Member]]:
        """Take in what the scheduler knows of its workers; the new ones, and the hosts whose worker in use is gone."""
        new = [address for address in workers if address not in self._seen]
        self._seen = dict(workers)
        for address, info in workers.items():
            beat = info.get("last_seen")
            if self._beats.get(address, (None, 0.0))[0] != beat:
                self._beats[address] = beat, now
        gone: list[Member] = []
        for member in self._by_boot.values():
            member.workers = {name: workers[name] for name in member.workers if name in workers}
            if member.worker and member.worker not in workers:
                gone.append(member)
        return new, gone

    def identified(self, address: str, identity: Identity) -> Member | None:
        """The host of a worker that said where it is; None if the worker is gone by now."""
        if address not in self._seen:
            return None
        member = self._by_boot.get(identity.boot)
        if member is None:
            taken = {other.name for other in self._by_boot.values()}
            name = "" if identity.boot == self._own else identity.host.name
            name = f"{name} ({identity.host.machine})" if name in taken else name
            member = self._by_boot[identity.boot] = Member(name, identity.host, identity.boot)
        member.workers[address] = self._seen[address]
        member.choose()
        return member

    def silent(self, now: float) -> list[Member]:
        """The busy hosts whose worker has said nothing for too long."""
        return [member for member in self.all("busy") if self._silent_for(member, now) > self._silence]

    def back(self, now: float) -> list[Member]:
        """The silent hosts that say something again."""
        return [member for member in self.all("silent") if self._silent_for(member, now) <= self._silence]

    def _silent_for(self, member: Member, now: float) -> float:
        return now - self._beats.get(member.worker, (None, now))[1]

    def leave_out(self, member: Member, why: str) -> None:
        """Use a host no longer."""
        member.state = "left out"
        self.left_out[member.name or "this host"] = why

    def refuse(self, address: str, why: str) -> None:
        """Do not use a worker that cannot say where it is."""
        self.left_out[f"worker {address}"] = why

    @property
    def is_hopeless(self) -> bool:
        """Whether each of the workers that are there is left out."""
        used = {
            name for member in self._by_boot.values() if member.state != "left out" for name in member.workers
        }
        known = {name for member in self._by_boot.values() for name in member.workers}
        refused = {name for name in self._seen if f"worker {name}" in self.left_out}
        return bool(self._seen) and not used and known | refused >= set(self._seen)

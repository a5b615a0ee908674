"""What differs between two studies besides what is compared: host, kernel, QEMU, accelkit. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from accelkit.host.identity import Host
from accelkit.study.model import Build
from accelkit.study.report.names import short_version


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Where and with what a store was measured: several hosts and versions of accelkit, if it was merged or shared."""

    hosts: tuple[Host, ...]
    builds: tuple[Build, ...]
    accelkits: tuple[str, ...]


class Difference(NamedTuple):
    """One thing that is not the same: what, as it was before and as it is now."""

    what: str
    old: str
    new: str


def differences(old: Circumstances, new: Circumstances) -> tuple[Difference, ...]:
    """What differs, the most telling first; empty if all is the same.

    >>> host = Host("box", "1a2b", "Linux 6.1", "a CPU", 2)
    >>> builds = (Build("7.2.22", ("qemu",), "7.2.22"),)
    >>> old = Circumstances((host,), builds, ("0.2.0",))
    >>> new = Circumstances((Host("box", "1a2b", "Linux 6.12", "a CPU", 2),), builds, ("0.2.0",))
    >>> differences(old, new)
    (Difference(what='kernel', old='Linux 6.1', new='Linux 6.12'),)
    """
    found = [Difference(what, read(old), read(new)) for what, read in FACTS]
    version = found[0][1:]  # where the package says no more than the version, once is enough
    return tuple(
        difference
        for place, difference in enumerate(found)
        if difference.old != difference.new and (place == 0 or difference[1:] != version)
    )


def _of_hosts(read: Callable[[Host], str]) -> Callable[[Circumstances], str]:
    return lambda facts: _listed(map(read, facts.hosts))


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(sorted(dict.fromkeys(texts))) or "unknown"


def _contents(facts: Circumstances) -> str:
    return _listed(build.digest[:8] or "unknown" for build in facts.builds)


FACTS: Final[tuple[tuple[str, Callable[[Circumstances], str]], ...]] = (
    ("QEMU", lambda facts: _listed(short_version(build).removeprefix("QEMU ") for build in facts.builds)),
    ("QEMU's package", lambda facts: _listed(build.version for build in facts.builds)),
    ("QEMU's content", _contents),
    ("host", _of_hosts(lambda host: f"{host.name} ({host.machine})")),
    ("kernel", _of_hosts(lambda host: host.kernel)),
    ("CPU", _of_hosts(lambda host: f"{host.cpus} × {host.cpu}")),
    ("frequency governor", _of_hosts(lambda host: host.governor or "none seen")),
    ("accelkit", lambda facts: _listed(facts.accelkits)),
)
"""What may differ, and how it is read."""


def same_machines(old: Circumstances, new: Circumstances) -> bool:
    """Whether both were measured on the same hosts, by their ids: the name of a container changes, the host does not."""
    return {host.machine for host in old.hosts} == {host.machine for host in new.hosts}

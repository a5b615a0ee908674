"""Whether a host can run a study: asked on the host itself, before its first trial, and judged. :func:`faults` is pure."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from accelkit.errors import QemuError
from accelkit.host.finding import Finding
from accelkit.host.identity import Host, boot_id, this_host
from accelkit.host.kvm import kvm_facts, why_no_kvm
from accelkit.host.noise import HostFacts, host_facts, noise
from accelkit.qemu.identity import digest
from accelkit.study.hosts.guest_files import GuestFile, files_of, place_of
from accelkit.study.model import Build
from accelkit.study.worker import Measure, Worker


class Identity(NamedTuple):
    """Which machine a worker runs on: its host, its running kernel, and the versions of accelkit and Python there."""

    host: Host
    boot: str
    accelkit: str
    python: str


@dataclass(frozen=True, slots=True)
class Needs:
    """What a study needs on a host: QEMU builds, accelerators, and files of guests. Nothing for one that is simulated."""

    builds: tuple[Build, ...] = ()
    accelerators: tuple[str, ...] = ()
    files: tuple[GuestFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """What a host has of what a study needs, and what disturbs measurements there.

    ``digests`` of its QEMUs, or in ``absent`` why one does not start, by the build's name; ``kvm`` why KVM does not work
    and the remedy; ``places`` the paths of the guests' files by those on the study's host, empty for one that is missing.
    """

    digests: Mapping[str, str] = field(default_factory=dict[str, str])
    absent: Mapping[str, str] = field(default_factory=dict[str, str])
    kvm: tuple[str, str] | None = None
    places: Mapping[str, str] = field(default_factory=dict[str, str])
    noise: tuple[Finding, ...] = ()


class Fault(NamedTuple):
    """Why a host cannot run a study, and what to do."""

    fact: str
    remedy: str


def identify() -> Identity:
    """The identity of the host that runs this process.

    >>> identify().host == this_host()
    True
    """
    from accelkit import __version__  # inside: the package imports its modules

    return Identity(this_host(), boot_id(), __version__, platform.python_version())


def needs_of(measure: Measure) -> Needs:
    """What ``measure`` needs on a host. Raises GuestError if a file of a guest cannot be read.

    >>> needs_of(lambda trial: None)
    Needs(builds=(), accelerators=(), files=())
    """
    if not isinstance(measure, Worker):
        return Needs()
    first = {point.accelerators[0]: None for point in measure.configurations.values() if point.accelerators}
    return Needs(tuple(measure.builds.values()), tuple(first), files_of(measure.guests))


def examine(needs: Needs) -> Condition:
    """The condition of this host; starts each QEMU for a moment, and takes a fifth of a second to see what disturbs."""
    facts = host_facts()
    digests: dict[str, str] = {}
    absent: dict[str, str] = {}
    for build in needs.builds:
        if shutil.which(build.command[0]) is None:
            absent[build.name] = "there is no such program"
            continue
        try:
            digests[build.name] = digest(build.command)
        except (QemuError, OSError) as error:
            absent[build.name] = str(error)
    return Condition(
        digests,
        absent,
        _why_no_kvm(facts) if "kvm" in needs.accelerators else None,
        {file.path: place_of(file) for file in needs.files},
        tuple(finding for finding in noise(facts) if finding.level == "noisy"),
    )


def _why_no_kvm(facts: HostFacts) -> tuple[str, str] | None:
    return why_no_kvm(kvm_facts(), facts)


def other_version(own: str, identity: Identity) -> Fault | None:
    """The fault of a host whose accelkit is not of the version ``own``; None if it is.

    >>> other_version("1.0", Identity(this_host(), "", "1.1", "3.11.2")).fact
    'has accelkit 1.1, not 1.0'
    """
    if identity.accelkit == own:
        return None
    return Fault(f"has accelkit {identity.accelkit}, not {own}", "install the same version on all hosts")


def faults(condition: Condition, needs: Needs) -> Iterator[Fault]:
    """All that keeps a host in this condition from running a study with these needs.

    >>> build = Build("7.2", ("/usr/bin/qemu-system-x86_64",), "7.2.22", "a1" * 16)
    >>> for fault in faults(Condition(digests={"7.2": "b2" * 16}), Needs((build,))):
    ...     print(fault.fact)
    its QEMU 7.2 (/usr/bin/qemu-system-x86_64) is another binary: its content is b2b2b2b2, here it is a1a1a1a1
    """
    for build in needs.builds:
        shown = f"QEMU {build.name} ({' '.join(build.command)})"
        if why := condition.absent.get(build.name):
            yield Fault(f"lacks {shown}: {why}", "install the same build there, under the same path")
        elif (other := condition.digests.get(build.name)) and build.digest and other != build.digest:
            content = f"its content is {other[:8]}, here it is {build.digest[:8]}"
            yield Fault(f"its {shown} is another binary: {content}", "install the same build on all hosts")
    if condition.kvm is not None:
        yield Fault(*condition.kvm)
    for file in needs.files:
        if file.device and not condition.places.get(file.path):
            yield Fault(
                f"lacks the device {file.path} of a guest", "attach it there, or give the guest a file"
            )

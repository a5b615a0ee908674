"""Schemas derived from ``releases.tsv``: what a release can have for a target, whatever its build and host."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from accelkit.schemas.releases import lifetimes
from accelkit.schemas.schema import Captured, Schema, Version
from accelkit.syntax.qemu_options import options_of

#: From this release on a QEMU is taken to read ``0b101``. glibc does from 2.38 on, and a binary that was built with it then
#: calls ``__isoc23_strtoull`` (glibc's NEWS of 2.38). Measured: the captured 8.2, 10.0 and 11.1 do, 5.2 and 7.2 do not.
_BINARY_LITERALS: Final = (8, 2)
#: The targets that the x86_64 binaries which were captured run on their own kind of host.
_AT_HOME: Final = ("x86_64", "i386")


def derive(release: tuple[int, ...], target: str) -> Schema:
    """The schema of a release for a target: every accelerator that a build of it can have, with all its properties."""
    accelerators: dict[str, dict[str, Captured]] = {}
    for (accel, key, where), life in lifetimes().items():
        if where == target and life.has(release):
            properties = accelerators.setdefault(accel, {})
            if key:
                properties[key] = Captured(life.type)
    version: Version = (release[0], release[1], 0)
    return Schema(
        version, target, "", release[:2] >= _BINARY_LITERALS,
        {accel: dict(sorted(accelerators[accel].items())) for accel in sorted(accelerators)},
        options_of(release, target), "derived",
    )  # fmt: skip


def at_home(captured: Schema) -> Schema:
    """The captured schema with the kvm that such a build has on a host of its target's own kind.

    That is derived, and ``origins`` says so: a QEMU for s390x that was built for x86_64 hosts has no kvm, one that was
    built for s390x has. What else a build has there (xen, nitro) depends on the package, not only on the host.
    """
    derived = derive(captured.version, captured.target).accelerators
    if captured.target in _AT_HOME or "kvm" not in derived:
        return captured
    together = {**captured.accelerators, "kvm": derived["kvm"]}
    return replace(
        captured,
        accelerators={accel: together[accel] for accel in sorted(together)},
        origins={"kvm": "derived"},
    )

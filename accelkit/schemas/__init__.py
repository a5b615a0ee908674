"""The schemas that come with accelkit, of every release from 5.2 on and seven targets.

Captured ones are package data, ``qemu-VERSION-TARGET.json``, never edited by hand. Where no binary of a release was
captured, its schema is derived from QEMU's source (``releases.tsv``).
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from functools import cache

from accelkit.errors import NearestSchemaWarning, SchemaError, nearest, shown
from accelkit.schemas.releases import RELEASES, TARGETS
from accelkit.schemas.schema import Schema, read_version
from accelkit.syntax.qemu_options import number_of

_FOLDER = os.path.dirname(__file__)


@cache
def _files() -> Mapping[tuple[str, str], str]:
    """The captured files: release and target to path."""
    files: dict[tuple[str, str], str] = {}
    for name in os.listdir(_FOLDER):
        if name.endswith(".json"):
            _, version, target = name.removesuffix(".json").split("-", 2)
            files[version.rpartition(".")[0], target] = os.path.join(_FOLDER, name)
    return files


@cache
def _captured(release: str, target: str) -> Schema | None:
    import json  # imported here: only a schema needs it

    path = _files().get((release, target))
    if path is None:
        return None
    with open(path, encoding="utf-8") as file:
        return Schema.from_json(json.load(file))


@cache
def _bundled(release: str, target: str) -> Schema:
    from accelkit.schemas.derived import at_home, derive  # imported here: composing needs no schema

    captured = _captured(release, target)
    return derive(number_of(release), target) if captured is None else at_home(captured)


def bundled(version: str | tuple[int, ...] = RELEASES[-1], target: str = "x86_64") -> Schema:
    """The schema of QEMU ``version`` for ``target``: of that release, exactly.

    Targets: x86_64, i386, aarch64, arm, riscv64, s390x and ppc64. ``origin`` says where it is known from. For 5.2, 7.2,
    10.0 and 11.1 Debian's packages were captured, and for 8.2 (x86_64) Ubuntu's: such a schema is that Linux binary's,
    on a host of the target's own kind. The binaries ran on x86_64 hosts; the kvm that one for aarch64, riscv64, s390x or
    ppc64 lacks only for that reason is derived, and ``origins`` says so. ``probe`` says what a binary has, ``captured``
    what one had. Every other release is derived from QEMU's source: it has all that some build of it can have, whatever
    the host, so hvf and whpx, too.

    A release newer than 11.1 gets 11.1, with a NearestSchemaWarning. Raises SchemaError for a target without
    any schema, for a version older than 5.2, and for one that was never released.

    >>> bundled("10.0"), bundled("10.0", "s390x")
    (<Schema of QEMU 10.0.13 (x86_64): kvm, tcg>, <Schema of QEMU 10.0.13 (s390x): kvm (derived), tcg>)
    >>> bundled("9.0", "riscv64")
    <Schema of QEMU 9.0 (riscv64, derived): kvm, qtest, tcg>
    """
    release = _release(version)
    schema = _bundled(release, _target(target))
    minor = read_version(version)[:2]
    if minor > number_of(release):
        warnings.warn(
            f"QEMU {'.'.join(map(str, minor))} is newer than accelkit; took the newest that it knows, "
            f"{schema.name}; to be exact, probe the binary",
            NearestSchemaWarning, stacklevel=2,
        )  # fmt: skip
    return schema


def captured(version: str | tuple[int, ...] = RELEASES[-1], target: str = "x86_64") -> Schema:
    """The schema captured from a binary of the release, as it ran on an x86_64 host; nothing is added.

    Raises SchemaError where none was captured, and as ``bundled`` does.

    >>> captured("10.0", "s390x")
    <Schema of QEMU 10.0.13 (s390x): tcg>
    """
    release = _release(version)
    schema = _captured(release, _target(target))
    if schema is None:
        having = [name for name in RELEASES if (name, target) in _files()]
        raise SchemaError(f"version: got {shown(version)}; captured for {target} are {', '.join(having)}")
    return schema


def _release(version: object) -> str:
    """The release that a version is of; the newest for a newer one."""
    minor = read_version(version)[:2]
    name = ".".join(map(str, minor))
    if name in RELEASES:
        return name
    if minor > number_of(RELEASES[-1]):
        return RELEASES[-1]
    if minor < number_of(RELEASES[0]):
        raise SchemaError(
            f"version: got {shown(version)}; the oldest that accelkit knows is {RELEASES[0]}; probe that QEMU"
        )
    raise SchemaError(
        f"version: got {shown(version)}; QEMU {name} was never released; {nearest(name, RELEASES)}"
    )


def _target(target: object) -> str:
    if isinstance(target, str) and target in TARGETS:
        return target
    raise SchemaError(f"target: got {shown(target)}; takes {', '.join(TARGETS)}; probe that QEMU")


def all_bundled(target: str = "x86_64") -> tuple[Schema, ...]:
    """The bundled schemas for ``target``, one a release, oldest first; empty for a target without any."""
    return tuple(_bundled(release, target) for release in RELEASES) if target in TARGETS else ()


def all_captured(target: str = "x86_64") -> tuple[Schema, ...]:
    """The captured schemas for ``target``, oldest first; empty for a target without any."""
    return tuple(schema for release in RELEASES if (schema := _captured(release, target)) is not None)


def targets() -> tuple[str, ...]:
    """The targets that have schemas, those of the commonest guests first."""
    return TARGETS

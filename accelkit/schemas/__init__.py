"""Captured schemas of real QEMUs as package data: ``qemu-VERSION-TARGET.json``, never edited by hand."""

from __future__ import annotations

import os
import warnings
from collections.abc import Collection, Mapping
from functools import cache

from accelkit.errors import NearestSchemaWarning, SchemaError
from accelkit.schemas.schema import Schema, Version, read_version

_FOLDER = os.path.dirname(__file__)


@cache
def _files() -> Mapping[str, Mapping[Version, str]]:
    """The captured files: for each target, version to path, oldest first."""
    files: dict[str, dict[Version, str]] = {}
    for name in os.listdir(_FOLDER):
        if name.endswith(".json"):
            _, version, target = name.removesuffix(".json").split("-", 2)
            files.setdefault(target, {})[read_version(version)] = os.path.join(_FOLDER, name)
    return {target: dict(sorted(versions.items())) for target, versions in sorted(files.items())}


@cache
def _load(path: str) -> Schema:
    import json  # imported here: only a schema needs it

    with open(path, encoding="utf-8") as file:
        return Schema.from_json(json.load(file))


def bundled(version: str | tuple[int, ...] = "11.1", target: str = "x86_64") -> Schema:
    """The captured schema of QEMU ``version`` for ``target``.

    That of the same minor version; where that was not captured, the nearest older one, with a
    NearestSchemaWarning. Captured: 5.2, 7.2, 10.0 and 11.1, each for x86_64 and aarch64 (Debian's builds).
    Raises SchemaError for a target without any schema, or a version older than all of them.

    >>> bundled("10.0")
    <Schema of QEMU 10.0.13 (x86_64): kvm, tcg>
    """
    wanted = read_version(version)
    files = _files().get(target)
    if files is None:
        raise SchemaError(f"target: got {target!r}; captured are {' and '.join(_files())}; probe that QEMU")
    fitting = [captured for captured in files if captured[:2] <= wanted[:2]]
    if not fitting:
        oldest = ".".join(map(str, next(iter(files))))
        raise SchemaError(f"version: got {version!r}; the oldest captured is {oldest}; probe that QEMU")
    schema = _load(files[fitting[-1]])
    if schema.version[:2] != wanted[:2]:
        warnings.warn(
            f"QEMU {'.'.join(map(str, wanted[:2]))} is not captured; took the nearest not newer, "
            f"{schema.name}; to be exact, probe the binary",
            NearestSchemaWarning, stacklevel=2,
        )  # fmt: skip
    return schema


def all_bundled(target: str = "x86_64") -> tuple[Schema, ...]:
    """The captured schemas for ``target``, oldest first; empty for a target without any."""
    return tuple(map(_load, _files().get(target, {}).values()))


def captured_with(accels: Collection[str], key: str | None, target: str) -> tuple[str, ...]:
    """The captured minor versions for ``target``, oldest first, that have ``key`` on one of ``accels``.

    Where ``key`` is None: those that have one of ``accels``.

    >>> captured_with(["tcg"], "one-insn-per-tb", "x86_64")
    ('10.0', '11.1')
    """
    return tuple(
        "{}.{}".format(*schema.version)
        for schema in all_bundled(target)
        if any(
            accel in schema.accelerators and (key is None or key in schema.accelerators[accel])
            for accel in accels
        )
    )


def targets() -> tuple[str, ...]:
    """The targets of the captured schemas."""
    return tuple(_files())

"""The schema that judges a command: the one that was given, or that of the installed QEMU, or the newest bundled one.

Starts an installed QEMU, once for each target, to ask what it has (``probe`` does). The rest of the package but ``probe``
reads its own files and no more.
"""

from __future__ import annotations

import warnings
from functools import cache
from typing import Literal, NamedTuple

from accelkit.errors import NearestSchemaWarning, QemuError, SchemaError
from accelkit.schemas import all_bundled
from accelkit.schemas.schema import Schema

#: The target of a command whose program does not name it, such as kvm.
DEFAULT_TARGET = "x86_64"


class Asked(NamedTuple):
    """The schema of the QEMU that is asked; None where nobody knows what that QEMU has."""

    schema: Schema | None
    target: str
    origin: Literal["given", "installed", "bundled"]

    @property
    def name(self) -> str:
        """``QEMU 7.2.22 (x86_64), installed``; of one that was given the name alone."""
        if self.schema is None:
            return f"no QEMU ({self.target}) is known"
        return self.schema.name if self.origin == "given" else f"{self.schema.name}, {self.origin}"


@cache
def default_schema(target: str = DEFAULT_TARGET) -> Asked:
    """The schema of the installed ``qemu-system-TARGET``; without one the newest bundled for the target.

    Asks the binary once for each target, about 0.2 s. Where it is installed and does not answer, the newest bundled
    one is taken, with a NearestSchemaWarning.

    >>> default_schema("xtensa").schema  # doctest: +SKIP
    """
    # Imported here: they load subprocess, socket and json, which a check against a given schema does not need.
    from accelkit.qemu.binary import find
    from accelkit.schemas.probe import probe

    try:
        command = find(None, target)
    except QemuError:  # none is installed
        return _newest(target)
    try:
        return Asked(probe(command, target), target, "installed")
    except (QemuError, SchemaError) as error:
        newest = _newest(target)
        name = (
            "no schema is bundled"
            if newest.schema is None
            else f"took the newest bundled, {newest.schema.name}"
        )
        warnings.warn(
            f"{command[-1]} is installed, and cannot be asked what it has; {name}. {error}",
            NearestSchemaWarning, stacklevel=2,
        )  # fmt: skip
        return newest


def _newest(target: str) -> Asked:
    bundled = all_bundled(target)
    return Asked(bundled[-1] if bundled else None, target, "bundled")


def schema_for(target: str | None, given: Schema | None) -> Asked:
    """The schema that judges a command whose program is for ``target``; None is a program that does not say it.

    ``given`` judges what is for its target. For another target its place is taken by the bundled schema of the same
    minor version, and where there is none, nobody knows. Without ``given``: :func:`default_schema`.

    >>> from accelkit import bundled
    >>> schema_for("aarch64", bundled("10.0")).name
    'QEMU 10.0.13 (aarch64), bundled'
    >>> schema_for("vax", bundled("10.0")).schema
    """
    if given is None:
        return default_schema(target or DEFAULT_TARGET)
    if target in (None, given.target):
        return Asked(given, given.target, "given")
    return _bundled_like(given.version[:2], target)


@cache
def _bundled_like(minor: tuple[int, ...], target: str) -> Asked:
    same = [schema for schema in all_bundled(target) if schema.version[:2] == minor]
    return Asked(same[-1] if same else None, target, "bundled")

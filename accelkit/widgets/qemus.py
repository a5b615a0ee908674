"""The QEMUs that the user can choose to check a recipe: bundled schemas, and the installed binaries."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from accelkit.schemas import all_bundled, targets
from accelkit.schemas.probe import probe
from accelkit.schemas.schema import Schema


def qemus(own: Schema | None = None) -> dict[str, Callable[[], Schema | None]]:
    """A function for each label in the list, which returns the schema of that QEMU; newest first, x86_64 first.

    ``own`` is a schema of the caller's. The functions of installed QEMUs start the binary for a moment and may
    raise QemuError.
    """
    bundled = [schema for target in targets() for schema in reversed(all_bundled(target))]
    sources: dict[str, Callable[[], Schema | None]] = {}
    for schema in bundled if own is None or own in bundled else (own, *bundled):
        sources[schema.name if schema in bundled else f"{schema.name}, your schema"] = _constant(schema)
    for target in targets():
        name = f"qemu-system-{target}"
        if shutil.which(name):
            sources[f"{name}, installed here"] = _probed(name, target)
    sources["any QEMU: nothing is checked"] = _constant(None)
    return sources


def _constant(schema: Schema | None) -> Callable[[], Schema | None]:
    return lambda: schema


def _probed(name: str, target: str) -> Callable[[], Schema | None]:
    return lambda: probe(name, target)

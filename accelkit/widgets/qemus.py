"""Qemus: the QEMUs that can be chosen to judge a recipe: bundled schemas, and those installed here."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from accelkit.schemas import all_bundled, targets
from accelkit.schemas.probe import probe
from accelkit.schemas.schema import Schema


def qemus(given: Schema | None = None) -> dict[str, Callable[[], Schema | None]]:
    """Each QEMU by what the list says, to what fetches its schema; newest first, x86_64 first.

    Asking an installed one starts it for a moment and may raise QemuError.
    """
    bundled = [
        schema for target in sorted(targets(), reverse=True) for schema in reversed(all_bundled(target))
    ]
    found: dict[str, Callable[[], Schema | None]] = {}
    for schema in bundled if given is None or given in bundled else (given, *bundled):
        found[schema.name if schema in bundled else f"{schema.name}, given"] = _constant(schema)
    for target in sorted(targets(), reverse=True):
        name = f"qemu-system-{target}"
        if shutil.which(name):
            found[f"{name}, installed here"] = _probed(name, target)
    found["any QEMU: nothing is checked"] = _constant(None)
    return found


def _constant(schema: Schema | None) -> Callable[[], Schema | None]:
    return lambda: schema


def _probed(name: str, target: str) -> Callable[[], Schema | None]:
    return lambda: probe(name, target)

"""``accelkit diff``: what its two words are: versions and schema files, or recipes in any form."""

from __future__ import annotations

import json
import os
from typing import Any, Final, cast

from accelkit.cli.bounded_input import read_bounded
from accelkit.comparing import diff
from accelkit.comparing.recipes import RecipeDifference
from accelkit.comparing.schemas import SchemaDifference
from accelkit.comparing.subjects import is_version
from accelkit.errors import ArgvError, SchemaError
from accelkit.host.files import open_input
from accelkit.schemas import bundled
from accelkit.schemas.schema import Schema

#: Bytes of the longest file that may be a schema; the bundled ones have some ten thousand.
_LONGEST_SCHEMA: Final = 4 << 20
_TAKES: Final = "give a version such as 7.2, or a file that accelkit probe wrote"


def difference(old: str, new: str, target: str) -> SchemaDifference | RecipeDifference:
    """The difference of two words: of two QEMUs, or of two recipes.

    A word is a QEMU if it is a file or a version; otherwise it is a recipe in any form that ``parse`` reads. Raises
    SchemaError for a QEMU that is not known, and for one QEMU beside something else; ArgvError, ComposeError and
    DomainError as ``parse`` does.
    """
    are_qemus = [is_version(word) or os.path.exists(word) for word in (old, new)]
    if any(are_qemus):
        for word, is_qemu in zip((old, new), are_qemus, strict=True):
            if not is_qemu:
                raise SchemaError(f"{word}: neither a file nor a version; {_TAKES}")
        return diff(_schema(old, target), _schema(new, target))
    try:
        return diff(old, new)
    except ArgvError as error:
        raise ArgvError(f"{error}; or, for QEMUs, {_TAKES}") from None


def _schema(name: str, target: str) -> Schema:
    """The schema of a version, or in a file."""
    if not os.path.exists(name):
        return bundled(name, target)
    with open_input(name) as file:
        content = read_bounded(file, _LONGEST_SCHEMA)
    try:
        data = None if content is None else json.loads(content)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise SchemaError(f"{name}: not a captured schema; {_TAKES}")
    return Schema.from_json(cast("dict[str, Any]", data))

"""Schema: the accelerators and properties of one QEMU binary, as captured; and what an upgrade changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, cast

from accelkit.errors import SchemaError

Version = tuple[int, int, int]
#: Format number of a schema's JSON file. 1 is the first.
SCHEMA_FILE_FORMAT: Final = 1


class Captured(NamedTuple):
    """One property as QEMU's ``qom-list-properties`` lists it."""

    type: str
    description: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Schema:
    """Accelerators and properties of one QEMU binary, for one target.

    >>> from accelkit import bundled
    >>> schema = bundled("10.0")
    >>> schema.version, schema.target, sorted(schema.accelerators), schema.accelerators["tcg"]["thread"].type
    ((10, 0, 13), 'x86_64', ['kvm', 'tcg'], 'string')
    """

    version: Version
    target: str
    package: str
    #: Whether this binary reads ``0b101`` as a number; the C library it was built with decides.
    binary_literals: bool
    accelerators: Mapping[str, Mapping[str, Captured]]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Schema:
        """The schema in a schema file's JSON. Raises SchemaError for another format or a damaged file."""
        number = data.get("format") if isinstance(data, Mapping) else None  # pyright: ignore[reportUnnecessaryIsInstance]  # JSON may be anything
        if number != SCHEMA_FILE_FORMAT:
            raise SchemaError(
                f"captured schema: format is {number!r}; takes {SCHEMA_FILE_FORMAT}; "
                "capture it again: accelkit probe"
            )
        return cls.from_capture(data)

    @classmethod
    def from_capture(cls, data: Mapping[str, Any]) -> Schema:
        """The schema in what ``qemu.capture`` returned. Raises SchemaError for damaged data."""
        try:
            accelerators = {
                accel: {
                    key: Captured(info["type"], info.get("description", ""))
                    for key, info in properties.items()
                }
                for accel, properties in data["accelerators"].items()
            }
            return cls(
                read_version(data["version"]), data["target"], data["package"],
                data["binary-literals"], accelerators,
            )  # fmt: skip
        except (KeyError, TypeError, AttributeError) as error:
            raise SchemaError(
                f"captured schema: {error!r} is missing or of another type; capture it again"
            ) from None

    def to_json(self) -> dict[str, Any]:
        """The JSON of a schema file, which ``from_json`` reads."""
        return {
            "format": SCHEMA_FILE_FORMAT,
            "version": ".".join(map(str, self.version)),
            "package": self.package,
            "target": self.target,
            "binary-literals": self.binary_literals,
            "accelerators": {
                accel: {
                    key: {"type": info.type} | ({"description": info.description} if info.description else {})
                    for key, info in properties.items()
                }
                for accel, properties in self.accelerators.items()
            },
        }  # fmt: skip

    def __hash__(self) -> int:
        return hash((self.version, self.target, self.package))

    @property
    def name(self) -> str:
        """``QEMU 10.0.13 (x86_64)``."""
        return f"QEMU {'.'.join(map(str, self.version))} ({self.target})"

    def __repr__(self) -> str:
        return f"<Schema of {self.name}: {', '.join(self.accelerators)}>"


def read_version(text: object) -> Version:
    """Three numbers from ``"10.0"``, ``"10.0.13"`` or a tuple. Raises SchemaError for anything else.

    >>> read_version("7.2")
    (7, 2, 0)
    """
    parts: list[str] = []
    if isinstance(text, str):
        parts = text.split(".")
    elif isinstance(text, (tuple, list)):
        parts = [str(part) for part in cast("list[object]", text)]
    if not 1 <= len(parts) <= 3 or not all(part.isdecimal() and len(part) < 10 for part in parts):
        raise SchemaError(f"version: got {text!r:.60}; takes text such as '10.0' or '10.0.13'")
    major, minor, micro = (*map(int, parts), 0, 0)[:3]
    return major, minor, micro


def check_schema(schema: object, function: str) -> None:
    """Raises SchemaError unless ``schema`` is a Schema; the message says how ``function`` gets one."""
    if not isinstance(schema, Schema):
        version = repr(schema) if isinstance(schema, str) and len(schema) < 10 else "'10.0'"
        raise SchemaError(
            f"{function}: got {repr(schema)[:60]} for a schema; write bundled({version}), or probe() for the "
            "QEMU that is installed"
        )


class Difference(NamedTuple):
    """What a newer QEMU adds, drops and changes: one line for each accelerator and property."""

    old: str
    new: str
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    changed: tuple[str, ...]

    def __str__(self) -> str:
        rows = [("+", line) for line in self.added] + [("-", line) for line in self.dropped]
        rows += [("~", line) for line in self.changed]
        lines = [f"{self.old} -> {self.new}"] + [f"  {sign} {line}" for sign, line in rows]
        return "\n".join(lines if rows else [*lines, "  no difference"])

    __repr__ = __str__


def diff(old: Schema, new: Schema) -> Difference:
    """What an upgrade from ``old`` to ``new`` adds, drops and changes.

    An accelerator is one line (``mshv``), a property another (``kvm.honor-guest-pat``). Raises
    SchemaError for anything but a schema: write ``bundled("10.0")``, not ``"10.0"``.

    >>> from accelkit import bundled
    >>> diff(bundled("10.0"), bundled("11.1")).added
    ('kvm.honor-guest-pat', 'mshv', 'nitro', 'nitro.debug-mode', 'nitro.enclave-cid', 'qtest')
    """
    for schema in (old, new):
        check_schema(schema, "diff")
    before, after = _lines(old), _lines(new)
    return Difference(
        old.name,
        new.name,
        tuple(sorted(after.keys() - before.keys())),
        tuple(sorted(before.keys() - after.keys())),
        tuple(
            f"{line}: {before[line]} -> {after[line]}"
            for line in sorted(before.keys() & after.keys())
            if before[line] != after[line]
        ),
    )


def _lines(schema: Schema) -> dict[str, str]:
    """The line of each accelerator and property, with its QOM type."""
    lines = dict.fromkeys(schema.accelerators, "accelerator")
    for accel, properties in schema.accelerators.items():
        lines |= {f"{accel}.{key}": info.type for key, info in properties.items()}
    return lines

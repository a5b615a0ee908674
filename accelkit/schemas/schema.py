"""Schema: the accelerators and properties of one QEMU binary, as captured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple, cast

from accelkit.errors import SchemaError, brief, shown
from accelkit.syntax.qemu_options import options_listed

Version = tuple[int, int, int]
Origin = Literal["captured", "derived"]
#: Format number of a schema's JSON file. Format 1 had neither origin nor options.
SCHEMA_FILE_FORMAT: Final = 2


class Captured(NamedTuple):
    """One property as QEMU's ``qom-list-properties`` lists it."""

    type: str
    description: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Schema:
    """Accelerators, properties and options of one QEMU, for one target.

    >>> from accelkit import bundled
    >>> schema = bundled("10.0")
    >>> schema.version, schema.target, sorted(schema.accelerators), schema.accelerators["tcg"]["thread"].type
    ((10, 0, 13), 'x86_64', ['kvm', 'tcg'], 'string')
    >>> schema.origin, bundled("9.2").origin, bundled("10.0", "aarch64").origin_of("kvm")
    ('captured', 'derived', 'derived')
    """

    version: Version
    target: str
    package: str
    #: Whether this binary reads ``0b101`` as a number; the C library it was built with decides.
    binary_literals: bool
    accelerators: Mapping[str, Mapping[str, Captured]]
    #: The options of the command line, without dashes: whether each takes a value. Empty where that is not known.
    options: Mapping[str, bool] = field(default_factory=dict[str, bool])
    #: captured: asked of a binary. derived: read in QEMU's source at the release, so of no build in particular.
    origin: Origin = "captured"
    #: The accelerators of another origin: kvm, which a binary that was asked lacks only because of its host.
    origins: Mapping[str, Origin] = field(default_factory=dict[str, Origin])

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Schema:
        """The schema in a schema file's JSON. Raises SchemaError for another format or a damaged file."""
        number = data.get("format") if isinstance(data, Mapping) else None  # pyright: ignore[reportUnnecessaryIsInstance]  # JSON may be anything
        if type(number) is not int or not 1 <= number <= SCHEMA_FILE_FORMAT:
            raise SchemaError(
                f"captured schema: format is {shown(number)}; takes 1 to {SCHEMA_FILE_FORMAT}; "
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
            options = {name: value is True for name, value in data.get("options", {}).items()}
            return cls(
                read_version(data["version"]), data["target"], data["package"],
                data["binary-literals"], accelerators, options_listed(options) if options else {},
                _origin(data.get("origin", "captured")),
                {accel: _origin(origin) for accel, origin in data.get("origins", {}).items()},
            )  # fmt: skip
        except (KeyError, TypeError, AttributeError) as error:
            raise SchemaError(
                f"captured schema: {shown(error)} is missing or of another type; capture it again"
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
            "options": dict(self.options),
            "origin": self.origin,
            **({"origins": dict(self.origins)} if self.origins else {}),
        }  # fmt: skip

    def __hash__(self) -> int:
        return hash((self.version, self.target, self.package))

    def origin_of(self, accel: str) -> Origin:
        """Where it is known from that this QEMU has the accelerator, and with which properties."""
        return self.origins.get(accel, self.origin)

    @property
    def name(self) -> str:
        """``QEMU 10.0.13 (x86_64)``; of a derived schema the release alone: ``QEMU 9.2 (x86_64, derived)``."""
        if self.origin == "derived":
            return f"QEMU {self.version[0]}.{self.version[1]} ({self.target}, derived)"
        return f"QEMU {'.'.join(map(str, self.version))} ({self.target})"

    def __repr__(self) -> str:
        accels = [f"{accel} ({origin})" if (origin := self.origin_of(accel)) != self.origin else accel
                  for accel in self.accelerators]  # fmt: skip
        return f"<Schema of {self.name}: {', '.join(accels)}>"


def _origin(text: object) -> Origin:
    if text == "captured":
        return "captured"
    if text == "derived":
        return "derived"
    raise TypeError(f"origin {shown(text)}")


def read_version(text: object) -> Version:
    """Three numbers from ``"10.0"``, ``"10.0.13"`` or a tuple. Raises SchemaError for anything else.

    >>> read_version("7.2")
    (7, 2, 0)
    """
    parts: list[str] = []
    if isinstance(text, str):
        parts = brief(str.__str__(text)).split(".")
    elif isinstance(text, (tuple, list)):
        parts = [
            str(part) if type(part) is int and 0 <= part < 1 << 30 else ""
            for part in cast("list[object]", text)
        ]
    if not 1 <= len(parts) <= 3 or not all(part.isdecimal() and len(part) < 10 for part in parts):
        raise SchemaError(f"version: got {shown(text)}; takes text such as '10.0' or '10.0.13'")
    major, minor, micro = (*map(int, parts), 0, 0)[:3]
    return major, minor, micro


def check_schema(schema: object, function: str) -> None:
    """Raises SchemaError unless ``schema`` is a Schema; the message says how ``function`` gets one."""
    if not isinstance(schema, Schema):
        version = shown(schema) if isinstance(schema, str) and len(schema) < 10 else "'10.0'"
        raise SchemaError(
            f"{function}: got {brief(shown(schema), 60)} for a schema; write bundled({version}), or probe() for the "
            "QEMU that is installed"
        )

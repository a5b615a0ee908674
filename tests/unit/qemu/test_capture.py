"""The captured document; a table of answers stands in for QEMU."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any, cast

import accelkit
from accelkit.qemu.capture import _document, _has_ended
from accelkit.qemu.qmp import Qmp

SCHEMAS = Path(accelkit.__file__).parent / "schemas"


class Answers:
    """Answers the commands of a capture as a QEMU with two accelerators does."""

    def execute(self, command: str, **arguments: object) -> Any:
        match command:
            case "query-version":
                return {"qemu": {"major": 10, "minor": 0, "micro": 2}, "package": " (Debian) "}
            case "query-target":
                return {"arch": "x86_64"}
            case "qom-list-types":
                assert arguments == {"implements": "accel"}
                return [{"name": name} for name in ("tcg-accel", "accel", "kvm-accel")]
            case "qom-list-properties":
                names = [
                    "type",
                    *{"tcg-accel": ("thread", "tb-size"), "kvm-accel": ()}[str(arguments["typename"])],
                ]
                return [{"name": name, "type": "string", "default-value": 1} for name in names]
            case _:
                raise AssertionError(command)


def test_a_document_has_the_accelerators_in_order_and_their_own_properties() -> None:
    document = _document(cast("Qmp", Answers()), binary_literals=True)
    assert document == {
        "accelerators": {"kvm": {}, "tcg": {"tb-size": {"type": "string"}, "thread": {"type": "string"}}},
        "binary-literals": True,
        "package": "(Debian)",
        "target": "x86_64",
        "version": "10.0.2",
    }
    assert list(cast("dict[str, Any]", document["accelerators"])) == ["kvm", "tcg"]


def test_a_connection_has_ended_once_the_other_end_is_closed() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert not _has_ended(ours)
        theirs.sendall(b"x")
        assert not _has_ended(ours)
        ours.recv(1)
        theirs.close()
        assert _has_ended(ours)


def test_the_bundled_captures_are_as_capture_writes_them() -> None:
    for path in SCHEMAS.glob("qemu-*.json"):
        document = json.loads(path.read_text())
        assert path.name == f"qemu-{document['version']}-{document['target']}.json"
        assert path.read_text() == json.dumps(document, indent=1, sort_keys=True) + "\n"
